"""Foreign HTML, made safe to stand on our pages."""

import nh3

STRUCTURE = "br dd div dl dt h2 h3 h4 h5 h6 hr li ol p pre ul"
TEXT = "a abbr b blockquote code del em figcaption figure i mark q s small span strong sub sup u"
TABLES = "caption table tbody td tfoot th thead tr"
TAGS = {tag for tags in (STRUCTURE, TEXT, TABLES) for tag in tags.split()}
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
GONE_WITH_CONTENT = {"script", "style", "iframe", "object", "template", "noscript", "svg", "math", "title", "textarea"}
LARGEST = 200_000  # characters; a longer description is cut before it is cleaned

_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    clean_content_tags=GONE_WITH_CONTENT,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener nofollow",
    strip_comments=True,
)


def sanitize(html: str) -> str:
    """Only text, its structure and plain links stay (T19): no scripts, styles, frames, forms or pictures, and none of
    the attributes that make a page act (on*, hx-*, data-*, class, id, style). Cleaning twice changes nothing."""
    if "<" not in html and "&" not in html:
        return html.strip()
    return _cleaner.clean(html[:LARGEST]).strip()
