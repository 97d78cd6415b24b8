"""A dossier of 218 claimants, each with a photo of an identity card from a telephone: bound, and put in a folder."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from time import perf_counter

from PIL import Image, ImageDraw, ImageFilter

from mediation_engine.adapters.blobs.folder import Folder
from mediation_engine.adapters.sql import open_store, prepare
from mediation_engine.clock import FixedClock
from mediation_engine.domain.fields import Text
from mediation_engine.ports.exhibits import MEGABYTE, ExhibitLimits
from mediation_engine.services.exhibits import ExhibitService
from tests.support.crowd import CLAIMANTS, agreed, crowd
from tests.support.story import NOW, Story
from web.security.room_key_file import known_room_key, make_room_key
from web.wiring import catalogue
from workflows.parts.exhibit import FileExhibit
from workflows.vocabulary import DossierPlace, ExhibitKind

from .figures import Figure
from .timing import Spread

CASE = "C1"
MOST_SECONDS, MOST_MEGABYTES = 60, 500
ROUNDS = 3
SIZE = (4000, 3000)
"""Points of a photo."""
START = f"""
import sys
from datetime import datetime
from mediation_engine.clock import FixedClock
from web.console.main import run
code = run(sys.argv[1:], FixedClock(datetime.fromisoformat("{NOW.isoformat()}")))
[most] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(most, file=sys.stderr)
sys.exit(code)
"""
"""The console, at the time at which the case was told; last the most memory that it has held, in KB. What the system
says of a child counts its parent before it."""
CONFIG = """
[exhibits]
folder = "{folder}/exhibits"
[privacy]
key = "{folder}/room.key"
[store]
url = "sqlite:///{folder}/dossier.db"
"""


def figures(folder: Path) -> list[Figure]:
    inner = folder / "dossier"
    inner.mkdir()
    told(inner)
    photos = sum(path.stat().st_size for path in (inner / "exhibits").iterdir()) / MEGABYTE
    beside = f"{CLAIMANTS} 张身份证照片和一张签名册，共 {photos:.0f} MB"
    runs = {
        "整卷 PDF": [timed(inner, "make", inner / "whole.pdf") for _ in range(ROUNDS)],
        "电子卷": [timed(inner, "export", inner / "folder.zip") for _ in range(ROUNDS)],
    }
    found = []
    for name, taken in runs.items():
        seconds, memory = zip(*taken, strict=True)
        found += [
            Figure(
                name=f"{name}，{CLAIMANTS} 名申请人", value=Spread(seconds), unit="秒", beside=beside, most=MOST_SECONDS
            ),
            Figure(name=f"{name}，内存最多时", value=Spread(memory), unit="MB", most=MOST_MEGABYTES),
        ]
    return found


def told(folder: Path, photos: int = CLAIMANTS) -> None:
    """The case in a database in a folder, with photos of so many of the claimants."""
    url, clock = f"sqlite:///{folder}/dossier.db", FixedClock(NOW)
    (folder / "config.toml").write_text(CONFIG.format(folder=folder))
    make_room_key(folder / "room.key")
    prepare(url, catalogue())
    store = open_store(url, clock)
    story = agreed(crowd(Story(store, clock, "A1"), CASE))
    key = known_room_key(folder / "room.key")
    assert key
    limits = ExhibitLimits(files=1000, together=2000 * MEGABYTE)
    service = ExhibitService(door=story.door, blobs=Folder(folder / "exhibits"), room_key=key, limits=limits)
    for number in range(1, photos + 1):
        shot = FileExhibit(kind=ExhibitKind.IDENTITY, title=Text("身份证正面"), party=f"party/{number}")
        service.file(story.order(shot), [photo(number % 2)])
    sheet = FileExhibit(
        kind=ExhibitKind.SIGNED, title=Text("签名册"), agreement="agreement/1", place=DossierPlace.AGREEMENT
    )
    service.file(story.order(sheet), [photo(2)])
    store.close()


@cache
def photo(number: int) -> bytes:
    """Twelve megapixels, some three megabytes, as a telephone takes them."""
    width, height = SIZE[0] // 4, SIZE[1] // 4
    grain = Image.effect_noise((width, height), 60).filter(ImageFilter.GaussianBlur(1.2))
    tile, image = Image.merge("RGB", (grain, grain.rotate(180), grain)), Image.new("RGB", SIZE)
    for n in range(16):
        image.paste(tile, (n % 4 * width, n // 4 * height))
    ImageDraw.Draw(image).rectangle((500, 400, 3500, 2500), outline=(number * 20, 40, 90), width=30)
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def timed(folder: Path, step: str, out: Path) -> tuple[float, float]:
    """Seconds that the console takes for it, and the most memory in MB that it has held."""
    words = [sys.executable, "-c", START, "--config", str(folder / "config.toml")]
    begun = perf_counter()
    child = subprocess.run(
        [*words, "dossier", step, CASE, "-o", str(out), "--as", "li"], capture_output=True, check=True
    )
    return perf_counter() - begun, int(child.stderr.split()[-1]) / 1024
