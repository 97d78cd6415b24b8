"""这一页怎么用: a few lines for each page, and the chapter of the handbook that says more. One table, by endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mediation_engine.domain.roles import Office

PARTY = "party"
"""The chapter of the handbook for parties, which needs no account."""


@dataclass(frozen=True, slots=True)
class PageHelp:
    """How a page is used."""

    chapter: str
    lines: tuple[str, ...]


def _help(chapter: str, *lines: str) -> PageHelp:
    return PageHelp(chapter, lines)


HELP: Mapping[str, PageHelp] = {
    # coming in, one's own things
    "sign_in.sign_in": _help(
        "first-day",
        "账号和初始密码由管理员给您；第一次登录要改密码。",
        "几次输错会暂停一会儿，忘了密码请管理员重设。",
        "离开电脑前，点右上角自己的名字，再点“退出”。",
    ),
    "dashboard.index": _help(
        "first-day",
        "先看最上面的几组：红色的是逾期，蓝色的是今天到期。",
        "一行一件案件，右边的按钮就是现在该办的那一步。",
        "轮到别人办的案件排在后面，不用管它。",
    ),
    "organisations.take_in": _help(
        "monthly",
        "先按“把现在的名录导出成表（Excel）”，在表里加行、改动，再交回来。",
        "哪一行哪一列有错会逐处写明；都对了才登记。",
    ),
    "returns.index": _help(
        "monthly",
        "上面是各片区报了多少，点一个数，下面就列出是哪几家。",
        "没有报的，勾上，发链接、印通知；企业交来纸面的，按“代填零报”“代填纠纷”。",
        "没有报不是零：零要企业自己签名说“本月无新纠纷”。",
    ),
    "returns.file": _help("monthly", "照企业交来的纸面填；签名写纸上签名的人，哪天收到就写哪天。"),
    "returns.links": _help("monthly", "链接和口令只显示这一次，请现在打印；口令另外告诉联系人。"),
    "organisations.index": _help(
        "monthly",
        "按片区、层级找，或写名称里的几个字。",
        "撤销的组织留着，写上哪天撤销，那个月起不用报月报。",
    ),
    "organisations.new": _help("monthly", "性质要选对：企业劳动争议调解委员会只调解劳动争议。"),
    "organisations.edit": _help("monthly", "换了联系人，原来的月报链接就不能再用，请重新发。"),
    "monthly.home": _help(PARTY, "没有新纠纷的，按“本月无新纠纷”；有的，逐件登记。", "报错了可以更正，原来报的留着。"),
    "monthly.month": _help(
        PARTY, "这里是这个月报了什么；没有调成的，可以转到调解室。", "报错了按“更正”，原来报的留着。"
    ),
    "monthly.report": _help(
        PARTY, "没有纠纷的，签名、交上去就好。", "有纠纷的一件一行；已经告诉职工可以找调解室的，勾上。"
    ),
    "drafts.index": _help(
        "first-day",
        "没填完的表都在这里，换一台电脑、手机也能接着填。",
        "只有您自己看得到；办理以后草稿自动消失。",
    ),
    "messages.index": _help(
        "first-day",
        "提醒您的事都在这里，点开就到那件案件。",
        "“另外怎样通知我”里可以填邮箱、手机号（本室开通了才有）。",
    ),
    "messages.unsent": _help("administrator", "没有发出去的通知在这里，写着为什么、还会不会再试。"),
    "account.password": _help(
        "first-day", "先写现在的密码，再写两遍新的。", "长比怪更安全：几个不相干的词连起来就好。"
    ),
    "account.codes": _help(
        "first-day",
        "用手机上的验证器扫这里的二维码，以后登录要多输6位数字。",
        "换手机前先在这里换绑；丢了手机请管理员重设。",
    ),
    "account.sign_ins": _help("first-day", "这里写着您的账号在哪里登录过。", "不是您的，请按“结束”，再改密码。"),
    # cases
    "cases.index": _help(
        "first-day",
        "可以按姓名、案号找，也可以写一个词，如 工伤、漏水。",
        "“筛选”里可以选阶段、承办人；点当事人的名字就打开。",
    ),
    "cases.show": _help(
        "first-day",
        "最上面是这件案件的情况，“接下来”是现在该办的步骤，第一个最要紧。",
        "要办别的，在“要办别的？”里写几个字，如 付款；或者看“全部步骤”。",
        "下面一排字是分类：当事人、协议、材料都在里面；“经过”是全部记录，新的在上面。",
        "记错了：到“经过”点开那一条，按“更正”。",
    ),
    "alerts.index": _help(
        "alert",
        "按该办什么分成几组：先“待签收”，再“待联系”，有了结果要反馈公安。",
        "右边红色的是过了期限的；点名字看全部，按钮就是该办的那一步。",
        "一件转了调解的，结果会自动回到这里。",
    ),
    "matters.index": _help(
        "matter",
        "网格上报、接访、代办、信访交办都在这里，按办到哪一步分组。",
        "上面可以只看一种、一个片区、超期的；按钮就是该办的那一步。",
    ),
    "matters.new": _help(
        "matter",
        "先选是哪一种，再照着填；平台转来的写上编号，重复的不会再登记一件。",
        "以后可能要转调解的，把对方也写上。",
    ),
    "meetings.index": _help(
        "regular-meeting",
        "先看“四定未齐”和“待召开”的；开完了按“记录开会”，写谁到了、定了什么、布置了哪些任务。",
        "任务自动登记为事项交给责任人；上面有没有销号的、超期的任务。",
    ),
    "meetings.new": _help(
        "regular-meeting",
        "主题、哪天几点、请谁来、方案：四样都写了，就自动通知。",
        "要议哪件案件、警情、事项，写它的案号或编号，那件的页面上也看得到。",
    ),
    "alerts.new": _help(
        "alert",
        "公安打电话来的，在这里登记；用平台推送的不用再登记。",
        "片区要选对：选了哪个片区，就提醒那里的两位副片长。",
        "报警人一方和对方都写上，以后转调解不用再补。",
    ),
    "new_case.new": _help(
        "registering",
        "先写双方是谁，一行一位；再写什么纠纷、为什么事、要多少钱。",
        "不清楚的可以先空着，以后再补。",
        "当场已经谈妥、钱也付了的小纠纷，用“一页办结”更快。",
    ),
    "settle.new": _help(
        "jotting",
        "小纠纷当场谈妥的，这一页从登记到结案一次办完，并打印口头协议登记表。",
        "要分几次谈、分期付款的，请用“登记”，一步一步办。",
    ),
    "steps.step": _help(
        "first-day",
        "写了“必填”的要填，其余知道多少填多少。日期可以写 11月28日、昨天、三天后。",
        "“预览”先看会记下什么，不会写进案件。",
        "没填完要走开：按“存草稿”，以后在“草稿”里接着填。",
        "办理以后才发现记错，到案件的“经过”里“更正”。",
    ),
    "steps.index": _help(
        "first-day",
        "写步骤的名称、平常的说法或拼音首字母，如 付款、打款、fk。",
        "“还不能办”的下面写着还差什么，点过去就能办。",
    ),
    "steps.missing": _help(
        "dossier",
        "要结案还差的都在这里，最先到期的在最上面，每样一条。",
        "按钮直接打开要填的表；“材料和送达”里是案卷还缺的和还没送到的。",
    ),
    "corrections.correct": _help(
        "correcting",
        "改好写错的地方，写明为什么改，按“更正”。原来的记录会留着。",
        "这一步根本没有发生过的，按“作误录”，它就不再算数。",
    ),
    "visits.sheet": _help(
        "visit",
        "上门或者打电话问过以后，在手机上填这一页；没有信号也能先填，有信号再交。",
        "没见到人、没打通也要记：展开“没有见到人”，写明什么情况。",
    ),
    "visits.link": _help("visit", "请当地的人代为走访时用：发给他链接和口令，他填好就回到案件里。"),
    "party_links.index": _help(
        "agreement",
        "给当事人一个链接和口令，他就能在自己的手机上看协议、确认。",
        "链接和口令只显示一次，请当面交给他本人；手机上确认以后，纸上还要签名。",
    ),
    "ledger.index": _help(
        "ledger",
        "交本室自己的台账（Excel 或 CSV），一行一件；列名不必一样，认不出的在页面上选。",
        "有错的逐处写明第几行、哪一列、怎样改；有一处错，一件也不录。",
        "录过的不会再录一件：下个月交同一张、接着往下记的台账就可以。",
    ),
    "roster.roster": _help(
        "registering",
        "人多时先按“下载空白花名册（Excel）”，填好姓名、金额再交上来。",
        "哪一行有错会指出来，改好再交，不会只登记一半。",
    ),
    "particulars.edit": _help(
        "registering", "一行一位，填身份证号、电话、住址；填了多少存多少。", "电话填了才能一键拨打。"
    ),
    # papers
    "papers.dossier": _help(
        "dossier",
        "这里是案卷的目录：各处放了什么，标“缺”的还没有。",
        "选好文件，看清哪份放在哪里，再按“收存”。",
        "整卷可以下载，再打印。",
    ),
    "papers.show": _help(
        "dossier",
        "用浏览器的打印功能打印；打印前请核对姓名和金额。",
        "签好以后按“签好了，拍照或上传收存”。",
    ),
    "papers.check": _help("trouble", "核对手里的协议书是不是现行的那一份：看纸上的校验码。"),
    "self_check.show": _help(
        "dossier",
        "照规则看过这件案件，列出请您再看一看的地方，旁边的链接就是怎样改。",
        "确有理由的，室主任或核查员可以写明理由，以后不再列出。",
    ),
    "self_check.index": _help("auditor", "各案自查的结果在一起，可以只看一种。", "点案号看是哪一处、怎样改。"),
    # notes and calls
    "notes.index": _help(
        "jotting",
        "您随手记下的都在这里，只有您自己看得到。",
        "点开一条，选归到哪件案件、记成什么。",
    ),
    "notes.new": _help(
        "jotting",
        "写一句话、拍张照就能存，不用先想好记在哪里。",
        "以后再归到案件，时间照您记的那一刻。",
    ),
    "notes.show": _help(
        "jotting", "先选是哪件案件，再选记成什么：谈话、走访、材料或新案。", "文字和照片会带到表里，不用重写。"
    ),
    "calls.index": _help(
        "first-day",
        "今天该打的电话，写着打给谁、为什么。",
        "按“看号码”才显示，看过会留下记录；打完按“打完了”，记下说了什么。",
    ),
    # applications and people
    "applications.index": _help(
        "registering", "当事人自己交来的申请在这里，从交来那天起算期限。", "看过以后，从这里登记成案件。"
    ),
    "applications.new": _help("registering", "帮来窗口的人填申请，填好给他回执。"),
    "applications.poster": _help("registering", "打印贴在门口，当事人扫上面的二维码就能自己申请。"),
    "people.index": _help(
        "registering",
        "登记过的人和单位都在这里，按姓名或号码找。",
        "查看会留下记录，只为办案查。",
    ),
    "people.show": _help(
        "registering",
        "一个人的资料和他的案件。",
        "号码要选理由才看得全，会留下记录；资料有变化，按“填写或修改”。",
    ),
    "people.edit": _help("registering", "改好按“保存”；案件里以前记下的姓名不变。"),
    "people.erase": _help("lead", "依法删除一个人的资料，删了不能恢复，请先核对。"),
    # the lead
    "room.index": _help(
        "lead",
        "等您决定的事在最上面，写着内容，看过可以直接办。",
        "下面是各人手里有多少件。",
    ),
    "handover.index": _help(
        "lead",
        "调解员离开或休假时，把他的案件一次交给别人。",
        "先选谁的案件、由谁接手，看过清单再按“全部移交”。",
    ),
    "substitutes.index": _help(
        "lead", "您不在时指定谁代行室主任职务：写清从哪天到哪天。", "到期自动停止，也可以提前“收回”。"
    ),
    # checking
    "replay.show": _help(
        "auditor", "一步一步重看这件案件：那时是什么样，这一步改了什么。", "可以看前一步、后一步，也可以选一天。"
    ),
    "audit.show": _help(
        "auditor", "看这件案件的记录有没有被改动过，每一步合不合规则。", "有问题的写在下面，一条一条。"
    ),
    "audit.index": _help("auditor", "看全部记录有没有被改动过。", "把存证点文件另存在别处，以后用它核对。"),
    "audit.corrections": _help("auditor", "更正过的都在这里：谁、为什么、原来怎样、现在怎样。"),
    "marks.index": _help(
        "auditor", "记录时注明与规定不符的、变通的、更正的，都在这里。", "可以按日期、种类、承办人只看一部分。"
    ),
    "figures.index": _help(
        "figures",
        "一个期间的数字：每个数字写着算什么、不算什么，点开是背后的案件。",
        "上面按“上月”看上个月，小字是前一个期间的数；别的期间、按什么分，在“换期间、分开看”里选。",
        "“补报”是期间结束以后才记录的，期间结束那天的数里还没有。",
    ),
    "figures.behind": _help("figures", "这些加起来就是那个数字；点案号看案件。"),
    "figures.form": _help("reporting", "照报表的项目排好的，可以直接打印；金额以万元计。"),
    "figures.reports": _help(
        "reporting",
        "上报出去的数字冻结在这里，以后怎么记都不变。",
        "期间过了又有补记的，再按一次“冻结”，就是补报，只有变了才能补报。",
    ),
    "figures.report": _help("reporting", "当时报的、上次报的、现在的，三个数放在一起；不一样的标出来。"),
    "campaigns.show": _help(
        "reporting",
        "一次专项行动里来的纠纷：每件现在怎样，每天来了几件、移送几件、清零几件。",
        "“未清”在最前面；谈妥的都履行了才算“已清”。",
    ),
    "figures.screen": _help("reporting", "放在大屏上给来访的人看的，只有几个大数字。"),
    "file_check.check": _help("auditor", "交上导出的文件，看有没有被改动过；文件不会留下。"),
    "access_log.reads": _help("auditor", "谁什么时候看过这件案件，看了什么。"),
    "access_log.lists": _help("auditor", "谁查过名册、案件清单，每次列出几件。"),
    # calendar, drawings
    "calendar.year": _help("administrator", "哪天放假、哪天调休上班，期限照这里算。"),
    "calendar.count": _help("administrator", "写从哪天起、多少个工作日，就算出到哪天止。"),
    "calendar.take": _help("administrator", "国务院公布下一年的放假安排后，在这里交上日历文件。"),
    "workflows.index": _help("glossary", "案件是怎样一步一步走的，每一样画一张图。"),
    "workflows.show": _help("glossary", "方框是状态，箭头是步骤；从一件案件进来的，蓝色是它走过的路。"),
    # parties
    "links.enter": _help(PARTY, "请输入调解员给您的口令。", "口令不对或者过期了，打电话给调解员。"),
    "links.enter_by_code": _help(PARTY, "请输入调解员给您的短码和口令。", "不要把口令告诉别人。"),
    "links.closed": _help(PARTY, "这个链接用过了或者到期了，需要的话请调解员再给您一个。"),
    "links.done": _help(PARTY, "已经交上去了，可以关掉这一页。"),
    "links.visit": _help(PARTY, "看到的、问到的照实填，填好按最下面的按钮。"),
    "confirm.summary": _help(
        PARTY,
        "先看清楚协议写了什么：谁付、付多少、哪天前。",
        "有不明白的先打电话问，不急着按。",
    ),
    "confirm.whole": _help(PARTY, "这是协议全文。看完回到上一页，再选同意还是有意见。"),
    "confirm.answer": _help(
        PARTY,
        "同意就确认；有意见的，写下哪一条、怎么改。",
        "不想现在定，可以先不按，打电话问调解员。",
    ),
    "confirm.receipt": _help(PARTY, "这是您的回执，可以截图留着。", "手机上确认以后，纸上还要签名。"),
    "portal.home": _help(PARTY, "这里看得到您的案件到了哪一步、钱付了没有。", "要说话、交材料，看“我要办的事”。"),
    "own.record": _help(PARTY, "这件案件办过的事，新的在上面。"),
    "own.money": _help(PARTY, "谁该付给谁、付了多少、还差多少。", "钱没有收到，在“我要办的事”里告诉调解员。"),
    "own.reads": _help(PARTY, "谁看过您的案件。"),
    "own.me": _help(PARTY, "您的资料。写错了，可以请调解员更正。"),
    "own_papers.papers": _help(PARTY, "给您的文书都在这里，点开可以看、可以存。"),
    "own_papers.paper": _help(PARTY, "可以打印或截图留着。"),
    "own_papers.receipt": _help(PARTY, "这是回执，可以截图留着。"),
    "acts.index": _help(PARTY, "您现在可以办的事。", "不会用就打电话给调解员，他可以替您记下。"),
    "acts.act": _help(PARTY, "填好按“提交”；提交以前可以改。", "写明只给调解员看的，对方看不到。"),
    "acts.receipt": _help(PARTY, "已经交上去了，这是回执，可以截图留着。"),
    "apply.form": _help(
        PARTY,
        "写您的姓名、电话，和谁、为什么事、要什么。",
        "交了以后会给您回执，凭它看办到哪一步。",
        "调解不收钱。",
    ),
    "apply.receipt": _help(PARTY, "请把这一页截图或抄下来，以后凭它看办到哪一步。"),
    "apply.status": _help(PARTY, "输入回执上的两样东西，就看到办到哪一步。"),
}

OF_GRID_WORKER: Mapping[str, PageHelp] = {
    "dashboard.index": _help(
        "matter",
        "走访发现了什么，按“上报”；当场解决了的，登记以后接着办结。",
        "“要您办的”是交给您的、等您核实的，按钮就是该办的那一步。",
        "这里只有您上报的和交给您的事项。",
    ),
    "cases.show": _help(
        "matter",
        "“接下来”就是现在该您办的；没有按钮的，等别人办。",
        "办过什么在“经过”里，新的在上面。",
    ),
    "matters.new": _help(
        "matter",
        "写清楚发现了什么、在哪里；上报人和网格已经替您填好。",
        "涉及的人知道就写上，不知道可以空着。",
    ),
    "steps.step": _help("matter", "照着填，填好按最下面的按钮；办理以前什么也不会记。"),
}
"""What pages are for a grid worker that are something else for others."""


def help_for(endpoint: str, office: Office | None) -> PageHelp | None:
    """How a page is used under an office; None where nothing is said of it."""
    own = OF_GRID_WORKER.get(endpoint) if office is Office.GRID_WORKER else None
    return own or HELP.get(endpoint)
