"""What audit looks at and what it can find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..domain.calendar import Calendar
from ..domain.labels import Labelled
from ..domain.recorded_order import StoredOrder
from ..read_models.projections import Projection
from ..record.sealing import StoredText


class Fault(Labelled):
    """What audit can find. The last three are no faults: words that were erased or not given to the reader, a defect
    marked when it was written."""

    GAP = "gap", "缺号"
    ALTERED = "altered", "内容被改动"
    MOVED = "moved", "不在原处"
    BROKEN_CHAIN = "broken_chain", "前后不衔接"
    TIME_RUNS_BACK = "time_runs_back", "记录时间倒流"
    NO_SUCH_EDGE = "no_such_edge", "规则没有这一步"
    WRONG_OFFICE = "wrong_office", "办理人无此职权"
    GUARD_UNMET = "guard_unmet", "前提未满足却办理了"
    CONSEQUENCE = "consequence", "与规则推得的结果不同"
    UNKNOWN_RULES = "unknown_rules", "规则版本未安装，无法核对合规"
    TEXT = "text", "文字与记录不符"
    EXHIBIT = "exhibit", "材料与记录不符"
    READ_MODEL = "read_model", "列表数据与记录不符"
    ROW = "row", "与登记的改动不符"
    NUMBER = "number", "案号重复"
    CHECKPOINT = "checkpoint", "与存证点不符"
    ERASED = "erased", "文字或材料已删除"
    WITHHELD = "withheld", "文字或材料未提供"
    KNOWN_DEFECT = "known_defect", "已注明的瑕疵"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found, with the case and the line it is at, or the chain and the entry."""

    fault: Fault
    case: str
    """Empty where it is about a chain."""
    version: int | None
    sentence: str
    chain: str = ""

    @property
    def known(self) -> bool:
        """Whether the record itself owns up to it."""
        return self.fault in (Fault.KNOWN_DEFECT, Fault.ERASED, Fault.WITHHELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKept:
    """What is known of the bytes of an exhibit that is kept."""

    digest: str | None = None
    """As it should stand in the record; None where the bytes were not looked at, or could not be read."""
    fault: str = ""
    """Why they could not be read, or are not what was put there."""
    is_withheld: bool = False
    """Whether they are kept, but were not given to the reader of a file."""
    salt: bytes | None = None
    """What keys the digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """All that is kept of one case, from a store or from an exported file."""

    case: str
    orders: Sequence[StoredOrder]
    texts: Mapping[str, StoredText] = field(default_factory=dict)
    exhibits: Mapping[str, FileKept] = field(default_factory=dict)
    """By id; none of what was erased."""
    withheld: frozenset[str] = frozenset()
    """Texts that are kept, but were not given to the reader of the file."""
    announced: tuple[int, int, str] | None = None
    """How many orders and lines a file says it has, and the digest of the last; None where it is no file."""
    projection: Projection | None = None
    """As stored; None where there is none."""
    is_found: bool = True
    """Whether it is found by its number and its parties' names, and by nothing else."""
    has_projection: bool = True
    """Whether read models belong to what is audited (not in an exported file)."""
    calendar: Calendar = Calendar(())
    """By which the read models are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a case or a chain stood when a checkpoint was made."""

    version: int
    digest: str


class Standing(Labelled):
    """What is known of where a checkpoint comes from. One that is signed by another key is not even read."""

    OURS = "ours", "是本室的存证点，签名相符"
    UNSIGNED = "unsigned", "没有签名，不能证明是本室的存证点"
    UNKNOWN = "unknown", "有签名，但这里没有本室的公钥，不能核对"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Where everything stood when it was made, and which words and people had been erased."""

    cases: Mapping[str, Head]
    chains: Mapping[str, Head] = field(default_factory=dict)
    erased: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of texts, by case."""
    people: tuple[str, ...] = ()
    """Ids of those erased from the register."""
    standing: Standing = Standing.UNSIGNED


def finding(fault: Fault, case: str, version: int | None, sentence: str) -> Finding:
    """A finding at a line of a case."""
    return Finding(fault=fault, case=case, version=version, sentence=sentence)
