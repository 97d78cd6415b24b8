"""Who the stories are about. Nobody lives: names are the 24 节气, numbers and telephones are such that nobody has them.

Numbers have a sound checksum and a real region. Sequence numbers 996 to 999 were set apart for those over a hundred, so
nobody born since has one; a local telephone number never begins with 0; no telephone company has been given 154.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from stdnum.cn import ric, uscc

from mediation_engine.domain.fields import Text
from mediation_engine.domain.people import (
    Contact,
    Details,
    EnterpriseDetails,
    GroupDetails,
    NumberKind,
    PartyKind,
    PersonDetails,
    Phone,
    Sex,
)
from mediation_engine.ports.register import Person

YONGKANG = "330784"
VILLAGE, ZONE = "浙江省永康市样本村", "永康市样本村工业区"
CHILD_OF = 12
"""How old the child is, in the year the room is opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody, and what is known of them."""

    person: Person
    details: Details
    other_names: str = ""


def resident_number(birth: date, sex: Sex, first: bool = True) -> str:
    """A number of an identity card that nobody can have."""
    sequence = {Sex.FEMALE: ("996", "998"), Sex.MALE: ("997", "999")}[sex][0 if first else 1]
    body = f"{YONGKANG}{birth:%Y%m%d}{sequence}"
    return body + str(ric.calc_check_digit(body + "0"))


def credit_code(number: int) -> str:
    """A 统一社会信用代码 of no register: DEM is no part of an organisation's code."""
    body = f"91{YONGKANG}DEM{number:05d}0"
    return body + str(uscc.calc_check_digit(body + "0"))


def _mobile(number: int) -> tuple[Phone, ...]:
    return (Phone(number=Text(f"154{number:08d}"), label=Text("本人")),)


def _one(id: str, name: str, house: int, sex: Sex, birth: date | None = None, **known: Any) -> Known:
    """A person; where nothing else is said, with a number, a telephone and an address."""
    other_names, phone = known.pop("other_names", ""), known.pop("phone", house)
    more: dict[str, Any] = {key: Text(said) if isinstance(said, str) else said for key, said in known.items()}
    details = PersonDetails(
        number_kind=NumberKind.RESIDENT,
        number=Text(resident_number(birth, sex)) if birth else None,
        sex=sex,
        nation=Text("汉族") if birth else None,
        phones=_mobile(phone) if phone else (),
        address=Text(f"{VILLAGE}{house}号") if birth else None,
        **more,
    )
    return Known(person=Person(id=id, name=name, kind=PartyKind.PERSON), details=details, other_names=other_names)


def _firm(id: str, name: str, number: int, head: str, contact: str = "") -> Known:
    """A firm in the zone."""
    details = EnterpriseDetails(
        credit_code=Text(credit_code(number)),
        representative=Text(head),
        contact_person=Text(contact) if contact else None,
        phones=(Phone(number=Text(f"0579-{number:08d}"), label=Text("厂办")),),
        address=Text(f"{ZONE}{number}号"),
        zone_unit=Text("演示一片"),
    )
    return Known(person=Person(id=id, name=name, kind=PartyKind.ENTERPRISE), details=details)


def _group(id: str, name: str, contact: str, phone: int) -> Known:
    details = GroupDetails(contact_person=Text(contact), phones=_mobile(phone), address=Text(f"{ZONE}9号宿舍"))
    return Known(person=Person(id=id, name=name, kind=PartyKind.GROUP), details=details)


def _body(id: str, name: str) -> Known:
    """Another body of the zone: no party, so nothing is asked of it."""
    return Known(person=Person(id=id, name=name, kind=PartyKind.ENTERPRISE), details=EnterpriseDetails())


def everybody(today: date) -> dict[str, Known]:
    """All of them by id; the child is as old on every day."""
    return {it.person.id: it for it in (*_workers(), *_neighbours(today), *_firms(), *_bodies())}


def _workers() -> tuple[Known, ...]:
    m, f = Sex.MALE, Sex.FEMALE
    hardware, tools, doors, cups = "样本五金厂", "示例电动工具厂", "样板门业公司", "范例杯业公司"
    hard_to_read = {"cannot_read": True, "large_print": True}
    return (
        _one("guyu", "甘谷雨", 1, m, date(1990, 1, 1), employer=hardware, job="冲压工", contact=Contact.CALL),
        _one("guyu-again", "甘谷雨", 21, m, phone=1, employer=hardware),
        _one("lixia", "石立夏", 2, m, date(1985, 5, 5), employer=tools, job="装配工"),
        _one("dongzhi", "丁冬至", 4, m, date(1966, 6, 6), employer=hardware, job="门卫", **hard_to_read),
        _one("qiufen", "陶秋分", 5, f, date(1979, 9, 9), employer=cups, job="包装工", other_names="陶小芬"),
        _one("rare", "柳𬱖", 6, m, date(1993, 3, 3), employer=doors, job="抛光工", contact=Contact.WECHAT),
        _one("jingzhe", "江惊蛰", 7, m, date(1982, 2, 2), employer=tools, job="模具工"),
        _one("bailu", "霍白露", 8, f, date(1991, 1, 11), employer=doors, job="仓管"),
        _one("shuangjiang", "白霜降", 9, m, date(1987, 7, 7), employer=hardware, job="电焊工"),
        _one("hanlu", "韩寒露", 10, m, date(1984, 4, 4), employer="例题物流公司", job="司机"),
        _group("twenty-three", "样板门业公司喷涂车间职工", "冯小雪", 12),
        _one("xiaoxue", "冯小雪", 12, f, date(1989, 9, 19), employer=doors, job="喷涂组长"),
        _one("chunshe", "佘春社", 22, f, date(1995, 5, 15), employer=cups, job="包装工"),
        _one("liqiu", "田立秋", 13, m, date(1986, 6, 16), employer=doors, job="喷涂工"),
    )


def _neighbours(today: date) -> tuple[Known, ...]:
    m, f = Sex.MALE, Sex.FEMALE
    return (
        _one("xiaoman", "田小满", 14, m, date(1970, 10, 10), job="个体户"),
        _one("mangzhong", "麦芒种", 15, m, date(1974, 4, 14), job="废品收购"),
        _one("yushui", "余雨水", 16, f, date(1977, 7, 17), job="早餐店店主"),
        _one("chunfen", "常春分", 17, f, date(1983, 3, 13), job="房东"),
        _one("xiazhi", "夏至", 18, m, date(1980, 8, 18), job="租客"),
        _one("xiaoshu", "夏小暑", 18, m, date(today.year - CHILD_OF, 1, 1), phone=0),
        _one("chushu", "楚处暑", 20, f, date(1981, 1, 21), job="劳务公司职员"),
    )


def _firms() -> tuple[Known, ...]:
    return (
        _firm("hardware", "样本五金厂", 1, "金样本", "厂办"),
        _firm("tools", "示例电动工具厂", 2, "铁示例"),
        _firm("doors", "样板门业公司", 3, "门样板"),
        _firm("cups", "范例杯业公司", 4, "杯范例"),
        _firm("freight", "例题物流公司", 5, "车例题"),
        _firm("cartons", "试样纸箱厂", 6, "纸试样"),
    )


def _bodies() -> tuple[Known, ...]:
    named = {
        "police": "演示派出所",
        "labour-office": "演示开发区劳动保障办公室",
        "sisters": "演示和事嫂调解团",
    }
    elder = Known(person=Person(id="elder", name="严老支书", kind=PartyKind.PERSON), details=PersonDetails())
    return (elder, *(_body(id, name) for id, name in named.items()))
