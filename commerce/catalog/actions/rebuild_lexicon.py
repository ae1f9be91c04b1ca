from commerce.catalog import lexicon
from commerce.kernel.db import action


@action
def rebuild_lexicon() -> int:
    """Work through the words of the whole catalog, as the hourly task does; how many there are."""
    return lexicon.rebuild()
