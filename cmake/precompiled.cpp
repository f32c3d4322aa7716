// Nothing: a target needs a file, and this one carries the tests' precompiled headers.
