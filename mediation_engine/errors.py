"""What can go wrong, as facts. The docstring's first line is the sentence a user sees, filled in by the fields."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .domain.guard import Refusal
    from .domain.line import Line


MORE_FAULTS = "还有别的错误没有逐一列出，请先改好这些再试"


class MediationError(Exception):
    """操作没有完成。"""

    def __init__(self, **about: Any) -> None:
        self.about = about
        self.code = type(self).__name__
        template = (type(self).__doc__ or "").splitlines()[0]
        super().__init__(template.format(**about))

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is, to another process: the usual way would be to make it anew from its sentence."""
        return _as_it_was, (type(self), self.args, vars(self))

    @property
    def sentence(self) -> str:
        """What to tell the user, in Chinese."""
        return str(self)


def _as_it_was(kind: type[MediationError], args: tuple[Any, ...], held: dict[str, Any]) -> MediationError:
    error = kind.__new__(kind, *args)
    vars(error).update(held)
    return error


class CaseNotFound(MediationError):
    """没有找到案件“{case}”。"""


class CaseAlreadyOpen(MediationError):
    """案件编号“{case}”已经登记过，请换一个编号或直接办理该案。"""


class CaseIdReserved(MediationError):
    """案件编号不能用“{case}”：它是网页地址里的专用字，请换一个编号，或不写由系统产生。"""


class InstanceNotFound(MediationError):
    """案件中没有“{key}”。"""


class ActorNotFound(MediationError):
    """没有登记过工作人员“{actor}”，请先由管理员登记。"""


class ActorStopped(ActorNotFound):
    """工作人员“{actor}”已停用；要重新启用，请由管理员运行 mediation account start。"""


class OfficeNotHeld(MediationError):
    """“{actor}”没有“{office}”这项职务，不能以此身份办理。"""


class OutsideOwnRemit(MediationError):
    """该案件不归“{actor}”所在机构或所代表的当事人，不能办理。"""


class ReasonWanted(MediationError):
    """这件案件由别人承办；要看私下说的话和底线，或者要更正、导出、下载文书，请先到案件页上方的方框里选理由（记入查阅记录，当天有效），再来一次。"""


class SteppedBack(MediationError):
    """您已回避这件案件，不看私下说的话，也不取出案卷；请由承办的人或室主任办理。"""


class OfficesClash(MediationError):
    """“{one}”与“{other}”不能由同一人担任（职责分离）。"""


class UnknownWorkflow(MediationError):
    """本机没有安装流程“{workflow}”；名称没有写错的，请管理员重新安装：pip install -e . 或 make .venv/installed。"""


class NothingInForce(UnknownWorkflow):
    """{day}没有可以登记新案的流程，请管理员安装当日适用的版本：pip install -e . 或 make .venv/installed。"""


class UnknownCommand(MediationError):
    """流程“{workflow}”没有“{command}”这一步骤。"""


class RulesNotInForce(MediationError):
    """案件是按规则 {rules} 办理的，本机安装的同名流程规则已不同，不能继续办理；请安装原版本规则。"""


class Refused(MediationError):
    """{sentences}"""

    def __init__(self, refusals: Sequence[Refusal], **about: Any) -> None:
        self.refusals = tuple(refusals)
        super().__init__(sentences="；".join(dict.fromkeys(r.sentence for r in refusals)), **about)


class CommandNotAllowed(Refused):
    """{sentences}"""


class GuardRefused(Refused):
    """{sentences}"""


class StaleInstance(MediationError):
    """您看到的内容已经变化：{moved}。请看过最新情况后再决定。"""

    def __init__(self, key: str, since: Sequence[Line], moved: str) -> None:
        self.key, self.since = key, tuple(since)
        super().__init__(key=key, moved=moved)


class CommandIdReused(MediationError):
    """操作编号 {command_id} 已用于另一项操作，请换新编号重试。"""


class VersionClash(MediationError):
    """案件正被别人办理，请稍后再试。"""


class NumberTaken(MediationError):
    """没有办理：要给的编号已属于另一件（可能手工登记过），请按编号查一查；还不清楚的，请管理员校验全部记录。"""


UNFIT = (LookupError, TypeError, ValueError, AttributeError)
"""What goes wrong with stored content that is not as it was written: a value of another type, a thing that no line
tells of."""


class ValueUnreadable(MediationError, ValueError):
    """数据库里存的“{value}”读不懂，可能被改动过；请管理员运行 mediation audit --all，再运行 mediation rebuild。"""


class LineUnreadable(MediationError):
    """案件 {case} 的记录无法读取，内容可能已被改动；请先运行校验。"""


class PersonTaken(MediationError):
    """登记编号 {person} 已属于另一人或单位。"""


class StoreUnavailable(MediationError):
    """数据库暂时无法使用（{why}）。内容没有保存，请稍后再试。"""


class StoreUnwritable(StoreUnavailable):
    """数据库现在只能看，不能写（{why}）。内容没有保存，请告诉管理员。"""


class LookNotNoted(StoreUnwritable):
    """这次查看没有留下记录：数据库现在只能看，不能写（{why}）。请告诉管理员。"""


class StoreInterrupted(StoreUnavailable):
    """与数据库的往来中断（{why}）。正在办理的操作可能已经保存，请查看后再试。"""


class StoreNotReady(MediationError):
    """数据库还不能使用：{why}"""


class StoreNotEmpty(MediationError):
    """没有恢复：那里已有数据库，恢复只能到空的或还没有的。请用 --db 另指；SQLite 的也可连同 -wal、-shm 移到别处。"""


class BoxUnreadable(MediationError):
    """加密的内容打不开：保密钥匙不是当时的那一把，或内容被改动过。请管理员放回原来的钥匙文件再看。"""


class RoomKeyMissing(MediationError):
    """保密钥匙还没有产生，证件号码、电话、住址和材料都存不了。请管理员运行 mediation key make。"""


class PersonNotFound(MediationError):
    """名册里没有“{person}”。"""


class PersonMoved(MediationError):
    """这份资料刚被别人改过（现在是第{version}版），您填的没有保存。请看过新的内容再改。"""


class PersonErased(MediationError):
    """此人的资料已依法删除，不能再填写或查看。"""


class PersonNeeded(MediationError):
    """此人还是在办案件的当事人（{cases}），现在不能删除，请先结案；只删某段文字用 mediation text erase。"""


class ExhibitUnfit(MediationError):
    """这个文件没有收：{why}。"""


class TableUnfit(MediationError):
    """这张表没有读：{why}。"""


class NoticeUnfit(MediationError):
    """这份放假通知没有导入，请对照通知原文改好再导入：{faults}。"""

    def __init__(self, faults: Sequence[Any]) -> None:
        """Faults say what is wrong, each with its line where it has one."""
        self.faults = tuple(faults)
        super().__init__(faults="；".join(map(str, faults)))


class YearOfficial(MediationError):
    """{year}年已有官方的放假安排（{paper}），与这份不同；确要换掉，导入时请加 --replace，原来的仍留有记录。"""


class JottingNotFound(MediationError):
    """没有这条随手记，或它不是您记的，或已过了保留期。"""


class JottingFiled(MediationError):
    """这条随手记已经归到案件里了，不能再归一次。"""


class ExhibitNotFound(MediationError):
    """本案没有这件材料，或它不归您看。"""


class ExhibitDamaged(MediationError):
    """材料的文件校验失败（{why}），打不开。案件的其他内容不受影响，请告诉管理员。"""


class FontsMissing(MediationError):
    """这台机器没有能排中文的字体（{wanted}），做不了 PDF。页面和 Word 文件照常可用；请管理员装上。"""


class PaperUnfit(MediationError):
    """《{title}》做不成 PDF：{why}。写错的请更正；没有写错的，改用 Word 文件，这个字由手填写。"""


class PaperNotFound(MediationError):
    """这件案没有这份文书，或它现在还做不出来。"""


class BlobsUnwritable(MediationError):
    """材料没有存下：存放材料的目录写不进去（{why}）。请告诉管理员。"""


class BlobsHeld(MediationError):
    """正在备份或清理材料，请等它结束再试。"""


class NotSent(MediationError):
    """没有发到：{why}。"""

    @property
    def is_final(self) -> bool:
        """Whether another try is of no use."""
        return bool(self.about.get("final"))


class ChannelUnfit(MediationError):
    """通知方式“{channel}”设置不对：{why}。"""


class UnfitText(MediationError):
    """填写的内容含有无法保存的字符，或编号过长。内容没有保存。"""


class FormFaults(MediationError):
    """填写的内容有误：{faults}"""

    def __init__(self, faults: dict[str, list[str]], places: Any = None, *, more: bool = False) -> None:
        self.faults, self.more = faults, more
        self.places = places
        """The same by the names of fields and the numbers of rows, nested; None where it is not about a form."""
        sentences = [f"{place}：{'，'.join(said)}" for place, said in faults.items()]
        super().__init__(faults="；".join([*sentences, *([MORE_FAULTS] if more else [])]))

    @property
    def sentences(self) -> list[str]:
        """All that is wrong, without where."""
        return [sentence for said in self.faults.values() for sentence in said]


class YearUnknown(MediationError):
    """没有{year}年的放假安排，哪天休息、哪天上班不能确定，所以不能计算；请升级程序，或导入国务院办公厅的通知。"""


class FileFault(MediationError):
    """文件“{path}”无法使用：{why}"""


class ConfigFault(MediationError):
    """配置文件“{path}”有误：{why}"""


def why(fault: OSError) -> str:
    """Why a file cannot be read or written."""
    match fault:
        case FileNotFoundError():
            return "文件或目录不存在"
        case PermissionError():
            return "没有权限"
        case IsADirectoryError():
            return "这是一个目录"
        case NotADirectoryError() | FileExistsError():
            return "路径中有一段不是目录"
    return "磁盘空间不足" if fault.errno == errno.ENOSPC else "打不开或写不进去"
