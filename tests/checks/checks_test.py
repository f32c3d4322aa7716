"""The checks of scripts/ must find what they look for: each runs here on a small made-up tree."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


class ChecksTest(unittest.TestCase):
    def run_check(self, script, files):
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                path = Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            result = subprocess.run(
                [sys.executable, SCRIPTS / script, root], capture_output=True, text=True, check=False
            )
        return result.returncode, result.stdout

    def test_downward_includes_pass(self):
        status, _ = self.run_check("check_layering.py", {
            "layers/a.h": '#include "core/b.h"\n#include <vector>\n',
            "train/fit.cpp": '#include "train/config/schema.h"\n#include "datasets/d.h"\n',
            "apps/main.cpp": '#include "train/fit.h"\n',
        })
        self.assertEqual(status, 0)

    def test_upward_include_is_found(self):
        for file, included in [
            ("core/a.h", "layers/b.h"),
            ("core/kernels/deep/a.cpp", "train/b.h"),
            ("datasets/a.h", "layers/b.h"),
            ("layers/a.h", "datasets/b.h"),
            ("train/config/a.h", "train/b.h"),
            ("train/a.h", "apps/b.h"),
            ("train/a.h", "compare/b.h"),
            ("compare/plan/a.h", "apps/b.h"),
            ("train/a.h", "explain/b.h"),
            ("explain/methods/a.h", "apps/b.h"),
        ]:
            status, output = self.run_check("check_layering.py", {file: f'#  include <{included}>\n'})
            self.assertEqual(status, 1, file)
            self.assertIn(file, output)
            self.assertIn(included, output)

    def test_long_file_is_found(self):
        status, output = self.run_check("check_sizes.py", {"core/a.cpp": "int x;\n" * 701})
        self.assertEqual(status, 1)
        self.assertIn("core/a.cpp: 701 lines", output)

    def test_long_function_is_found(self):
        # The head spans lines, the body holds braces in a string, a comment and a block.
        body = "  f();\n" * 97 + '  if (a) { g("}"); }  // }\n'
        text = f"namespace n {{\nint h(int a,\n      int b) const noexcept {{\n{body}  return '}}';\n}}\n}}\n"
        status, output = self.run_check("check_sizes.py", {"layers/b.cpp": text})
        self.assertEqual(status, 1, output)
        self.assertIn("layers/b.cpp:3: a function of 101 lines", output)

    def test_long_class_is_no_function(self):
        text = "class A : public B {\n" + "  int x() { return 1; }\n" * 150 + "};\n"
        status, output = self.run_check("check_sizes.py", {"core/a.h": text})
        self.assertEqual(status, 0, output)
        self.assertIn("150 functions, lines: median 1,", output)


if __name__ == "__main__":
    unittest.main()
