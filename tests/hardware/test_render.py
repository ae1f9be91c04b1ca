"""The renderer against bytes that other programs wrote, and against nonsense."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hardware.printers.parse import tokenize
from hardware.printers.render import Renderer, render

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "escpos"


def test_receipts_of_other_programs_hold_no_unknown_command() -> None:
    """Runs over the shared collection where it is present."""
    for path in sorted(SHARED.glob("*.*")):
        data = path.read_bytes()
        rendered = render(bytes.fromhex(data.decode()) if path.suffix == ".hex" else data)
        strange = [event for event in rendered.events if event.startswith(("unknown", "unfinished"))]
        assert strange == [], path.name
        assert any(line for line in rendered.lines), path.name


def test_styles_alignment_and_code_pages() -> None:
    data = b"\x1b@\x1ba\x01Center\n\x1ba\x02\x1b!\x38Big\x1b!\x00\n\x1ba\x00\x1bt\x10\x80 \x1bt\x00\x82\n"
    rendered = render(data)
    assert rendered.lines == ["Center", "Big", "€ é"]
    assert rendered.events == []
    center, big, euro = (_ink(rendered.image, top) for top in ((28, 58), (58, 106), (106, 136)))
    assert abs((center[0] + center[2]) / 2 - 284) < 12  # the middle of the paper
    assert big[2] > 500 > euro[2]
    assert big[3] - big[1] > 1.5 * (center[3] - center[1])


def _ink(image, rows: tuple[int, int]) -> tuple[int, int, int, int]:
    box = (
        image.convert("L")
        .point(lambda shade: 255 if shade < 128 else 0)
        .crop((0, rows[0], image.width, rows[1]))
        .getbbox()
    )
    assert box is not None
    return box


def test_a_word_too_long_wraps_at_the_edge() -> None:
    assert render(b"x" * 50 + b"\n").lines == ["x" * 42, "x" * 8]


def test_an_unknown_command_is_loud_and_text_goes_on() -> None:
    rendered = render(b"\x1bzHello\x1d~\n\x01")
    assert rendered.events == ["unknown 1b 7a", "unknown 1d 7e", "unknown 01"]
    assert rendered.lines == ["Hello"]


def test_an_unfinished_command_is_loud() -> None:
    assert render(b"ok\n\x1dv0\x00\x40").events == ["unfinished 1d 76 30 00 40"]


def test_pieces_of_any_size_print_the_same() -> None:
    data = b"\x1b@\x1b!\x08Total\x1b!\x00\n\x1dv0\x00\x02\x00\x02\x00\xff\x00\x00\xff\x1bp\x00\x19\xfa\x1dV\x01"
    whole = render(data)
    renderer = Renderer()
    for place in range(len(data)):
        renderer.feed(data[place : place + 1])
    piecewise = renderer.take()
    assert piecewise.lines == whole.lines == ["Total", "[picture 16x2]"]
    assert piecewise.events == whole.events == ["drawer kick pin 2", "cut partial"]
    assert piecewise.image.tobytes() == whole.image.tobytes()


def test_a_picture_comes_out_dot_by_dot() -> None:
    image = render(b"\x1dv0\x00\x02\x00\x02\x00\xf0\x00\x00\x0f").image.convert("L")
    dark = {(x, y) for x in range(28, 44) for y in range(28, 30) if image.getpixel((x, y)) < 128}
    assert dark == {(28 + x, 28) for x in range(4)} | {(40 + x, 29) for x in range(4)}


@given(data=st.binary(max_size=400))
def test_nonsense_never_breaks_the_printer(data: bytes) -> None:
    _, rest = tokenize(data)
    assert len(rest) <= len(data)
    render(data)
