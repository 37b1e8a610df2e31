"""Papers are made anew from their pages: they look and read as they did, and nothing else of them is left."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
import pytest
import typst
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageChops, ImageCms

from facilitator.core.sandboxed import FileRefused
from facilitator.rewriting.pdf import cmaps, paper, photos, profiles, typefaces
from facilitator.rewriting.pdf.contents import rewritten
from tests import bombs
from tests.documents import pdf_text, structure
from tests.talkative import (
    CANARY,
    SEEN,
    WORD,
    drawing,
    jpeg,
    jpeg2000,
    plain_paper,
    profile,
    talkative_paper,
    told_in,
)


def anew(content: bytes) -> bytes:
    target = io.BytesIO()
    paper(io.BytesIO(content), target)
    return target.getvalue()


def opened(content: bytes) -> Pdf:
    return pikepdf.open(io.BytesIO(content))


def look(content: bytes, page: int) -> Image.Image:
    """A page as another program than the one that wrote it draws it."""
    source = f"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes({tuple(content)}), page: {page})"
    made = typst.compile(source.encode(), format="png", ppi=72)
    assert isinstance(made, bytes)
    return Image.open(io.BytesIO(made)).convert("RGB")


def is_alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether nobody could tell two pictures apart."""
    differs = ImageChops.difference(one, other).convert("L").histogram() if one.size == other.size else [0] * 256
    return sum(differs[:5]) == one.width * one.height


@pytest.mark.promise("files-tell-nothing")
def test_nothing_of_a_paper_is_left_but_what_one_sees() -> None:
    before, after = told_in(talkative_paper()), told_in(anew(talkative_paper()))
    assert sum(before.values()) > 1000, "there is something to lose"
    assert {"file", "packed", "unpacked", "value"} <= before.keys(), "everywhere"
    assert after == {}


@pytest.mark.parametrize("page", [1, 2])
def test_it_looks_as_it_did(page: int) -> None:
    before, after = look(talkative_paper(), page), look(anew(talkative_paper()), page)
    assert len(before.getcolors(1_000_000) or []) > 100, "there is something to see"
    assert is_alike(before, after)


def test_it_reads_as_it_did() -> None:
    for content in (plain_paper(), talkative_paper()):
        before, after = pdf_text(content), pdf_text(anew(content))
        assert SEEN in after
        assert before.replace(CANARY, "").split() == after.split()


def test_made_anew_once_more_it_stays_the_same_to_the_byte() -> None:
    once = anew(talkative_paper())
    assert anew(once) == once


def test_only_what_is_named_hangs_on_the_document() -> None:
    with opened(anew(talkative_paper())) as found:
        kept = {"/Type", "/Pages", "/Lang", "/Outlines", "/StructTreeRoot", "/MarkInfo"}
        assert set(found.Root.keys()) == kept
        assert set(found.trailer.keys()) <= {
            "/Root",
            "/Size",
            "/ID",
            "/Type",
            "/W",
            "/Index",
            "/Filter",
            "/Length",
            "/DecodeParms",
            "/Prev",
        }
        assert str(found.Root.Lang) == "nl"
        assert found.pdf_version == "1.7"
        assert not found.is_encrypted


# -- Reading aloud, and finding one's way ------------------------------------------------------------------------------


def test_it_is_read_aloud_in_the_same_order() -> None:
    kinds = structure(anew(plain_paper()))
    assert kinds == structure(plain_paper())
    assert {"H1", "P", "Table", "TH", "TD", "L", "LI", "Figure", "Link"} <= set(kinds)


def test_every_piece_that_is_tagged_is_on_its_page() -> None:
    with opened(anew(plain_paper())) as found:
        parents = found.Root.StructTreeRoot.ParentTree.Nums
        owners = {int(parents[at]): parents[at + 1] for at in range(0, len(parents), 2)}
        for page in found.pages:
            of_page: list[object] = list(owners[int(page.obj.StructParents)])
            numbers = {number for number, owner in enumerate(of_page) if owner is not None}
            drawn = page.obj.Contents.read_bytes()
            assert numbers
            assert all(b"/Span <</MCID %d>> BDC" % number in drawn for number in numbers)
            for link in page.obj.get("/Annots", []):
                assert Name.Link == owners[int(link.StructParent)].S


def test_cells_still_know_which_head_they_belong_to() -> None:
    with opened(anew(plain_paper())) as found:
        heads = [one for one in found.objects if isinstance(one, Dictionary) and one.get("/S") == Name.TH]
        assert [str(head.A.Scope) for head in heads] == ["/Column", "/Column"]


def test_links_to_the_web_and_within_the_paper_stay_and_no_others() -> None:
    with opened(anew(talkative_paper())) as found:
        links = list(found.pages[0].obj.Annots)
        assert [str(link.A.URI) for link in links if "/A" in link] == [
            "https://example.org/seen",
            "https://example.org/noted",
        ]
        (inside,) = (link for link in links if "/Dest" in link)
        assert inside.Dest[0].objgen == found.pages[1].obj.objgen
        for link in links:
            assert set(link.keys()) <= {
                "/Type",
                "/Subtype",
                "/Rect",
                "/Border",
                "/C",
                "/QuadPoints",
                "/A",
                "/Dest",
                "/StructParent",
            }


def test_bookmarks_keep_their_titles_and_where_they_lead() -> None:
    with opened(anew(talkative_paper())) as found:
        first, last = found.Root.Outlines.First, found.Root.Outlines.Last
        assert [str(mark.Title) for mark in (first, last)] == ["First chapter", "Second chapter"]
        assert [mark.Dest[0].objgen for mark in (first, last)] == [page.obj.objgen for page in found.pages]
        assert set(first.keys()) <= {"/Title", "/Dest", "/Parent", "/Next", "/Prev", "/First", "/Last", "/Count", "/F"}


# -- Pages and content -------------------------------------------------------------------------------------------------


def test_pages_keep_their_size_and_which_way_up_they_are() -> None:
    def turn(found: Pdf) -> None:
        page = found.pages[0].obj
        page.CropBox, page.Rotate, page.UserUnit = Array([10, 10, 390, 290]), 450, 2
        page["/TrimBox"] = page["/BleedBox"] = Array([0, 0, 1, 1])
        del page["/MediaBox"]
        found.Root.Pages.MediaBox = Array([0, 0, 400, 300])

    with opened(anew(bombs.paper(turn))) as found:
        page = found.pages[0].obj
        assert [int(one) for one in page.MediaBox] == [0, 0, 400, 300]
        assert [int(one) for one in page.CropBox] == [10, 10, 390, 290]
        assert [int(page.Rotate), int(page.UserUnit)] == [90, 2]
        assert not {"/TrimBox", "/BleedBox"} & set(page.keys())


class Named:
    """Every name becomes another one, but for those that are gone; /off is a layer that is switched off."""

    def named(self, kind: str, name: bytes) -> bytes | None:
        return None if name == b"/gone" else b"/" + kind[:1].encode()

    def is_hidden(self, name: bytes) -> bool:
        return name == b"/off"

    def mark(self, properties: bytes | int) -> int | None:
        return properties if isinstance(properties, int) else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"1 0 0 1 5 5 cm % remark\n0 0 9 9 re f", b"1 0 0 1 5 5 cm\n0 0 9 9 re\nf"),
        (b"BT /F1 12 Tf (a \\) (b)) Tj [(c) -20 <64>] TJ ET", b"BT\n/F 12 Tf\n(a \\) (b)) Tj\n[(c) -20 <64>] TJ\nET"),
        (b"(word) Kanarie /Kanarie 5 mystery BX (x) y EX", b""),
        (b"/gone Do /Im Do /gone gs /GS gs", b"/X Do\n/E gs"),
        (b"/Span <</ActualText (x) /MCID 3>> BDC (a) Tj EMC", b"/Span <</MCID 3>> BDC\n(a) Tj\nEMC"),
        (b"/P /Props BDC (a) Tj EMC /Kanarie MP /K /P DP", b"(a) Tj"),
        (b"/Artifact <</Attached [/Top]>> BDC S EMC /Artifact BMC S EMC", b"/Artifact BMC\nS\nEMC\n/Artifact BMC\nS\nEMC"),
        (b"/OC /off BDC 1 0 0 rg 0 0 9 9 re f (no) Tj EMC (yes) Tj", b"1 0 0 rg\n0 0 9 9 re\nn\n(yes) Tj"),
        (b"/OC /off BDC /Span <</MCID 1>> BDC (no) ' 1 2 (no) \" EMC /Im Do EMC", b"T*\n1 Tw 2 Tc T*"),
        (b"/OC /on BDC (yes) Tj EMC EMC EMC", b"(yes) Tj"),
        (b"[3 2] 0 d /Perceptual ri /Kanarie ri /DeviceRGB cs .1 .2 .3 sc /Sep CS 1 /P SCN",
         b"[3 2] 0 d\n/Perceptual ri\n/DeviceRGB cs\n.1 .2 .3 sc\n/C CS\n1 /P SCN"),
        (b"--5 w 1e-3 w +7. w .5 w", b"5.000000 w\n0.001000 w\n+7. w\n.5 w"),
        (b"BI /W 1 /H 1 /BPC 8 /CS /G ID Q EI S", b"S"),
        (b"/Span <</MCID 3>> BDC (never closed) Tj", b"/Span <</MCID 3>> BDC\n(never closed) Tj\nEMC"),
        (b"(never closed", b""),
        (b"<</A [1 2", b""),
    ],
)  # fmt: skip
def test_content_is_written_anew_instruction_by_instruction(before: bytes, after: bytes) -> None:
    assert rewritten(before, Named()) == after
    assert rewritten(b"\n".join((b"q", before, b"Q")), Named()).startswith(b"q")


# -- Pictures in papers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_photo_keeps_its_points_and_how_its_colours_are_mixed(mode: str) -> None:
    before, after = jpeg(mode), photos.jpeg(jpeg(mode))
    assert before.count(WORD) > 10
    assert WORD not in after
    assert b"Exif" not in after
    assert b"ICC_PROFILE" not in after
    shown = [Image.open(io.BytesIO(content)) for content in (before, after)]
    assert shown[0].tobytes() == shown[1].tobytes()
    assert shown[1].info.get("adobe_transform") == shown[0].info.get("adobe_transform")
    assert photos.jpeg(after) == after


def test_a_photo_in_scans_keeps_all_of_them() -> None:
    target = io.BytesIO()
    drawing().save(target, "JPEG", progressive=True)
    assert photos.jpeg(target.getvalue()).count(b"\xff\xda") == target.getvalue().count(b"\xff\xda") > 1


def test_a_photo_in_waves_keeps_its_points() -> None:
    before, after = jpeg2000(), photos.jpeg2000(jpeg2000())
    assert before.count(WORD) > 3
    assert WORD not in after
    assert Image.open(io.BytesIO(before)).tobytes() == Image.open(io.BytesIO(after)).tobytes()
    bare = photos.jpeg2000(after[after.index(b"\xff\x4f\xff\x51") :])
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(io.BytesIO(before)).tobytes()


def test_a_drawing_of_two_colours_loses_what_is_told_of_it() -> None:
    page = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + bytes(19)
    told = struct.pack(">IBBBI", 1, 62, 0, 1, len(WORD)) + WORD
    assert photos.jbig2(page + told + page) == page + page
    with pytest.raises(FileRefused):
        photos.jbig2(page + told[:-3])


@pytest.mark.parametrize("broken", [b"", b"\xff\xd8", b"\xff\xd8\xff\xda\x00\x04ab", b"\xff\x4f\xff\x51", b"nothing"])
def test_a_photo_that_is_none_is_refused(broken: bytes) -> None:
    for clean in (photos.jpeg, photos.jpeg2000):
        with pytest.raises(FileRefused):
            clean(broken)


def test_colours_of_a_profile_come_out_the_same_and_its_texts_do_not() -> None:
    before, after = profile(), profiles.rewritten(profile(), 3)
    assert after is not None
    assert CANARY.encode("utf-16-be") in before
    assert CANARY.encode("utf-16-be") not in after
    assert WORD[:4] not in after
    to_lab = [
        ImageCms.buildTransform(io.BytesIO(one), ImageCms.createProfile("LAB"), "RGB", "LAB") for one in (before, after)
    ]
    (old, new) = (ImageCms.applyTransform(drawing(), transform) for transform in to_lab)
    assert old is not None
    assert new is not None
    assert old.tobytes() == new.tobytes()
    assert profiles.rewritten(after, 3) == after
    assert profiles.rewritten(before, 4) is None
    assert profiles.rewritten(b"x" * 200, 3) is None


# -- Letters -----------------------------------------------------------------------------------------------------------


def test_a_typeface_keeps_the_tables_that_draw() -> None:
    def table(tag: bytes, at: int, content: bytes) -> bytes:
        return struct.pack(">4s3I", tag, 0, at, len(content))

    head, name, glyf = bytes(20) + WORD + bytes(22), WORD, b"outlines"
    begins = 12 + 3 * 16
    font = b"\0\1\0\0" + struct.pack(">4H", 3, 0, 0, 0)
    font += table(b"head", begins, head) + table(b"name", begins + 54, name) + table(b"glyf", begins + 66, glyf)
    font += head + name + glyf
    assert font.count(WORD) == 2
    after = typefaces.sfnt(font)
    assert WORD not in after
    assert glyf in after
    assert typefaces.sfnt(after) == after


def compact(*, is_standard: bool = False) -> bytes:
    """A font of two letters, with a notice."""

    def index(*things: bytes) -> bytes:
        places = [1]
        for thing in things:
            places.append(places[-1] + len(thing))
        return struct.pack(">HB", len(things), 1) + bytes(places) + b"".join(things) if things else b"\0\0"

    def number(value: int) -> bytes:
        return struct.pack(">Bh", 28, value)

    strings = index(WORD, b"letter")
    letters = index(b"\x0e", b"\x0e")
    size = len(index(bytes(12)))
    begins = 4 + len(index(WORD)) + size + len(strings) + 2
    charset = struct.pack(">BH", 0, 392)
    top = (
        number(391) + b"\x01" + number(0 if is_standard else begins) + b"\x0f" + number(begins + len(charset)) + b"\x11"
    )
    assert len(top) == 12
    return b"\x01\0\4\1" + index(WORD) + index(top) + strings + b"\0\0" + charset + letters


def test_a_compact_typeface_keeps_the_names_of_its_letters_and_no_others() -> None:
    after = typefaces.cff(compact())
    assert compact().count(WORD) == 2
    assert WORD not in after
    assert b"letter" in after
    assert len(after) == len(compact()), "nothing moved"
    assert b"letter" not in typefaces.cff(compact(is_standard=True))
    with pytest.raises(FileRefused):
        typefaces.cff(compact()[:20])


def test_an_old_typeface_keeps_what_draws() -> None:
    drawn = bytes(range(256)) * 4
    clear = (
        b"%%!PS-AdobeFont-1.0: %b\n%% %b\n/FontName /%b def\n/Notice (%b (and) %b) def\n/Encoding 256 array\ncurrentfile eexec\n"
        % ((WORD,) * 5)
    )
    font = clear + drawn + b"\n" + (b"0" * 64 + b"\n") * 8 + b"cleartomark\n" + WORD
    for lengths in ((len(clear), len(drawn)), (0, 0)):
        after, (readable, rest) = typefaces.type1(font, *lengths)
        assert WORD not in after
        assert b"/Encoding 256 array" in after[:readable]
        assert after[readable : readable + rest].rstrip(b"\n") == drawn
    in_pieces = b"".join(
        b"\x80" + bytes([kind]) + struct.pack("<I", len(piece)) + piece for kind, piece in ((1, clear), (2, drawn))
    )
    assert typefaces.type1(in_pieces + b"\x80\x03", 0, 0)[0] == typefaces.type1(font, len(clear), len(drawn))[0]


def test_codes_lead_to_the_same_letters_without_remarks() -> None:
    before = b"""/CIDInit /ProcSet findresource begin begincmap %% %b
/Registry (%b) def /CMapName /%b def
1 begincodespacerange <00> <ff> endcodespacerange
2 beginbfchar <01> <0041> %% %b
<02> <00660066> endbfchar
2 beginbfrange <03> <05> <0061> <06> <07> [<0041> <0042>] endbfrange
1 beginbfchar <08> <%b> endbfchar
endcmap""" % (WORD, WORD, WORD, WORD, CANARY.encode("utf-16-be").hex().encode())
    after = cmaps.to_text(before)
    assert WORD not in after
    assert CANARY.encode("utf-16-be").hex().encode() not in after.lower()
    for line in (b"<01> <0041>", b"<02> <00660066>", b"<03> <05> <0061>", b"<06> <07> [<0041> <0042>]", b"<00> <FF>"):
        assert line + b"\n" in after
    assert cmaps.to_text(after) == after
    drawings = cmaps.to_drawings(
        b"/Identity-H usecmap /WMode 1 def 1 begincidrange <0000> <00ff> 7 endcidrange", ("Identity-H",)
    )
    assert b"/Identity-H usecmap" in drawings
    assert b"/WMode 1 def" in drawings
    assert b"<0000> <00FF> 7" in drawings
    assert b"usecmap" not in cmaps.to_drawings(b"/%b usecmap" % WORD, ("Identity-H",))


# -- Made to break it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", bombs.PAPERS_THAT_GO_IN_CIRCLES)
def test_what_leads_back_to_itself_is_left_out_there(what: str) -> None:
    with opened(anew(bombs.paper(bombs.PAPERS_THAT_GO_IN_CIRCLES[what]))) as found:
        assert len(found.pages) == 1


@pytest.mark.parametrize("content", [bombs.pages_in_a_circle(), bombs.objects_in_themselves(), b"%PDF-1.7", b""])
def test_what_is_no_paper_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        anew(content)
    assert refused.value.code == "no_paper"


def test_a_paper_of_too_many_pages_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        anew(bombs.paper(bombs.many_pages))
    assert refused.value.code == "too_many_pages"


Change = Callable[[Pdf], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda found: setattr(found.pages[0].obj, "Contents", Array([1, Name.X, found.pages[0].obj])),
        lambda found: setattr(found.pages[0].obj, "MediaBox", String("wide")),
        lambda found: setattr(found.pages[0].obj, "Resources", Array([1])),
        lambda found: setattr(found.pages[0].obj, "Annots", Dictionary(A=1)),
        lambda found: setattr(found.Root, "Outlines", String("none")),
        lambda found: setattr(found.Root, "StructTreeRoot", Array([3])),
        lambda found: setattr(found.Root, "Names", Name.X),
        lambda found: setattr(found.Root, "Lang", 7),
    ],
)
def test_what_is_of_another_kind_than_it_should_be_is_as_if_it_were_not_there(change: Change) -> None:
    with opened(anew(bombs.paper(change))) as found:
        assert len(found.pages) == 1


def test_a_paper_with_a_byte_that_is_wrong_is_taken_or_refused() -> None:
    content = plain_paper()
    outcomes = set()
    for at in range(7, len(content), max(1, len(content) // 60)):
        try:
            anew(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
            outcomes.add("taken")
        except FileRefused as refused:
            outcomes.add(refused.code)
    assert "taken" in outcomes
    assert outcomes <= {"taken", "no_paper", "too_much"}


def test_a_stream_that_says_it_is_packed_and_is_not_is_refused_or_empty() -> None:
    def break_it(found: Pdf) -> None:
        found.pages[0].obj.Contents = found.make_stream(zlib.compress(b"0 0 9 9 re f" * 99)[:20])
        found.pages[0].obj.Contents.Filter = Name.FlateDecode

    try:
        assert len(anew(bombs.paper(break_it))) < 5000
    except FileRefused as refused:
        assert refused.code == "no_paper"  # noqa: PT017 – either will do
