"""Cord, webbing and canvas by the meter, as the repair bench uses them, and the tarp that is sold with its line."""

from __future__ import annotations

from decimal import Decimal

from .builder import Style

STYLES = (
    Style(
        "stay-guy-line", "STAY", "Stay reflective guy line", "Tindbo", "by-the-meter", "cord_reel",
        ("ochre", "red", "slate"),
        usd=140, eur=150, cost=48, grams=7,
        text="Three millimeters of cord with a bright thread woven in, so a headlamp finds it before a foot does. It "
        "does not stretch when it is wet. Cut to the centimeter from the reel, or take a coil of ten meters.",
        materials="Recycled polyester sheath, reflective tracer, polyethylene core. Holds 140 kg.",
        care="Seal the ends with a flame. Dry before coiling.",
        fit="3 mm. Sold by the meter.",
        tags=("camping", "repair", "by the meter"), launched="2023-05-18", popularity=44, returns=0.01,
        reel=50, coil=10,
    ),
    Style(
        "hitch-webbing", "HTCH", "Hitch webbing 25 mm", "Hadlo", "by-the-meter", "webbing_roll",
        ("coal", "moss", "ochre", "rust"),
        usd=260, eur=280, cost=85, grams=19,
        text="The webbing on our own packs, from the same loom. Flat, quiet and easy to sew by hand: straps, handles, "
        "loops for the dog. Measure twice; we cut once, and melt the ends for you.",
        materials="Recycled polyester, 25 mm wide, 1.5 mm thick. Holds 600 kg.",
        care="Machine wash at 30 °C.",
        fit="25 mm wide. Sold by the meter.",
        tags=("repair", "by the meter", "dogs"), launched="2022-03-10", popularity=32, returns=0.01,
        reel=30,
    ),
    Style(
        "bench-canvas", "BNCHC", "Bench waxed canvas", "Hadlo", "by-the-meter", "canvas_bolt",
        ("moss", "sand", "navy"),
        usd=3400, eur=3600, cost=1350, grams=620,
        text="The cotton canvas of our totes, waxed and ready to be an apron, a tool roll or a patch that outlives the "
        "tent around it. It creases, darkens and gets better. Off the bolt in any length.",
        materials="Organic cotton, 340 g/m², paraffin and beeswax finish. 150 cm wide.",
        care="Brush off, sponge cold. Wax again when water stops beading.",
        fit="150 cm wide. Sold by the meter.",
        tags=("repair", "by the meter", "home"), launched="2024-02-08", popularity=20, returns=0.01,
        reel=20,
    ),
    Style(
        "awn-tarp-set", "AWNS", "Awn tarp with line", "Tindbo", "tents", "tarp", ("sand", "moss", "rust"),
        usd=10500, eur=11600, cost=4260, grams=833,
        text="The Awn tarp with three ridge lines of two and a half meters, cut from our reflective guy line: all it "
        "takes to hang it between two trees. The tarp comes off the shelf, the line off the reel.",
        materials="Tarp: recycled ripstop polyester, 2,000 mm. Line: recycled polyester, 3 mm.",
        care="Dry before packing. Hand wash cold.",
        fit="3 × 3 m, with 7.5 m of line.",
        tags=("camping", "shade", "gift"), launched="2024-05-16", popularity=7, returns=0.02,
        parts=(
            (("AWN-SND", 1), ("STAY-OCH", Decimal("7.5"))),
            (("AWN-MOS", 1), ("STAY-OCH", Decimal("7.5"))),
            (("AWN-RST", 1), ("STAY-SLT", Decimal("7.5"))),
        ),
    ),
)  # fmt: skip
