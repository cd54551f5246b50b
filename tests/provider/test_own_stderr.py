"""What of a process that the engine starts an operator gets to see."""

import sys
import traceback

import pytest

from clusterwright.provider.own_stderr import own_stderr


def test_what_libraries_print_is_not_shown(capfd):
    with own_stderr():
        try:
            raise KeyError("urn")
        except KeyError:
            traceback.print_exc()
        sys.__stderr__.write("a bug\n")
        sys.__stderr__.flush()
    assert capfd.readouterr().err == "a bug\n"


def test_an_error_that_ends_the_process_is_shown(capfd):
    with pytest.raises(KeyError), own_stderr():
        raise KeyError("urn")
    sys.stderr.write("as ever\n")
    assert capfd.readouterr().err == "as ever\n"
