"""Foreign HTML (T19): nothing that acts survives, text and structure do."""

import pytest

from commerce.catalog.descriptions import sanitize

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>1</script></svg>",
    "<p onclick='alert(1)'>x</p>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="  java\tscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>1</script>">x</a>',
    "<iframe src='https://evil.example'></iframe>",
    "<iframe srcdoc='<script>1</script>'></iframe>",
    "<object data='x'></object><embed src='x'>",
    "<form action='/x'><input name=q><button>x</button></form>",
    "<style>*{display:none}</style>",
    "<p style='background:url(javascript:1)'>x</p>",
    "<div hx-get='/x' hx-trigger='load'>x</div>",
    "<div data-hx-post='/x' hx-on:click='x()'>x</div>",
    "<div hx-on::after-request='x()'>x</div>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<meta http-equiv=refresh content='0;url=x'><base href='//evil'>",
    "<p id=cart class=button data-x=1 aria-live=off tabindex=0>x</p>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "<template><script>1</script></template>",
    "<textarea></textarea><script>1</script>",
    "<a href='https://ok.example' onmouseover=alert(1) target=_top>x</a>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=1>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<details open ontoggle=alert(1)>x</details>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<IMG SRC=&#x6A&#x61&#x76&#x61:alert(1)>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_acts_survives(payload: str) -> None:
    clean = sanitize(f"<p>before</p>{payload}<p>after</p>").lower()
    marks = ("<script", "<img", "<svg", "<iframe", "<form", "<input", "<style", "<object", "<embed", "<meta", "<base")
    assert not [mark for mark in marks if mark in clean]
    assert not [
        name
        for name in (" on", "hx-", "data-", "style=", "class=", "id=", "javascript:", "srcdoc")
        if name in _tags(clean)
    ]
    assert "before" in clean
    assert sanitize(clean) == clean


def _tags(html: str) -> str:
    """The inside of the tags, where attributes are."""
    return " ".join(part.partition(">")[0] for part in html.split("<")[1:])


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<h2>Care</h2><ul><li>30°</li></ul>", "<h2>Care</h2><ul><li>30°</li></ul>"),
        ('<a href="https://a.example/x">x</a>', '<a href="https://a.example/x" rel="noopener nofollow">x</a>'),
        (
            "<table><tr><td colspan=2>x</td></tr></table>",
            '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
        ),
        ("Plain text, 5 > 3", "Plain text, 5 > 3"),
        ("Salt & pepper", "Salt &amp; pepper"),
        ("", ""),
    ],
)
def test_text_and_structure_stay(html: str, clean: str) -> None:
    assert sanitize(html) == clean
