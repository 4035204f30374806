"""Runs one unittest module and says how many passed, failed and were skipped in a line that `run` reads."""

import faulthandler
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main():
    # A hang ends with every thread's stack rather than in silence.
    faulthandler.dump_traceback_later(float(sys.argv[2]), exit=True)
    suite = unittest.defaultTestLoader.loadTestsFromName(sys.argv[1])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    # A failed part of a test is a failed test, and only one.
    whole = {str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}
    failed = len(whole) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    passed = max(0, result.testsRun - failed - skipped)
    print(f"counts: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not result.testsRun else 0)


main()
