"""The one way in which start-up gives up."""


class CannotStart(SystemExit):
    """Something outside the program must change first; the message says what, in the words of who started it.

    Being a `SystemExit`, it ends any process (command, worker, test run) with its message and status 1 instead of a
    traceback, also when it is raised while settings are being imported.
    """
