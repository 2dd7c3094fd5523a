"""The command `bcp`, and `python -m bcp`."""

import errno
import gc
import os
import sys
import warnings
from contextlib import suppress

_SHORT = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
_TOO_LITTLE = """\
This computer gives bcp too few files or too little memory (ulimit).
  → close other programs or raise that limit, then give the command again
"""
_LAST_WORDS = _TOO_LITTLE.encode()
"""The same, made while there was memory for it."""


def run() -> None:
    """The entry point of the command."""
    if not sys.warnoptions:
        # What Python warns of is for engineers, who ask for it.
        warnings.simplefilter("ignore")
        sys.unraisablehook = _unheard
    status = 0
    try:
        _run()
    except KeyboardInterrupt:  # before there is a command that could say what is safe
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write("Interrupted.\n")
        status = 130
    except Exception as error:  # noqa: BLE001 - a bug before, or in, what tells bugs
        try:
            status = _tell(error)
        except MemoryError:
            with suppress(OSError):
                os.write(2, _LAST_WORDS)
            status = 3
    sys.exit(status)  # here, where what failed holds no memory any more


def _unheard(_what: object) -> None:
    """What fails while Python throws something away helps nobody who sees it; the failure before it is told."""


def _run() -> None:
    from bcp.cli.terminal.ascii import print_anything

    print_anything()
    from bcp import private

    private.begin()
    # A command makes much and throws little away: looking for cycles every 700 objects is a tenth of its time.
    gc.disable()
    from bcp.cli.print.fastpath import print_again

    if print_again(sys.argv[1:]):
        sys.exit(0)
    from bcp.cli.main import run as run_all

    gc.freeze()  # what has been loaded stays; nothing among it is garbage
    gc.set_threshold(100_000)
    gc.enable()
    run_all()


def _is_short(error: BaseException | None) -> bool:
    """Whether that is why it failed, or why what failed before it did: telling of it may need more than there is."""
    try:
        from bcp.system_error import is_short_of_memory
    except (MemoryError, OSError, ImportError):
        return True  # not even that can be loaded any more
    while error is not None:
        if getattr(error, "errno", None) in _SHORT or is_short_of_memory(error):
            return True
        error = error.__context__
    return False


def _tell(error: Exception) -> int:
    """Keep it and tell it; where even that is broken, say where it happened with nothing but Python.

    Status 1; 3 where the computer gives no file or no memory, which is no bug of ours, and nothing more can be loaded.
    """
    if _is_short(error):
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(_TOO_LITTLE)
        return 3
    try:
        from bcp.app import logs
        from bcp.cli.bug import tell_bug
        from bcp.cli.command_line import masked

        if not logs.has_begun():
            logs.begin(*masked(sys.argv[1:]))
        return tell_bug(error)
    except Exception:  # noqa: BLE001 - nothing of ours can be relied on any more
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(
                f"This is a bug of ours, not a mistake of yours: {type(error).__name__} at {place}\n"
            )
        return 1


if __name__ == "__main__":
    run()
