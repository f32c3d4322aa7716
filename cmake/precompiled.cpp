// Nothing: a target needs a file, and this one carries precompiled headers.
