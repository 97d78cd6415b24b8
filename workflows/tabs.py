"""The tabs of a case, in order: what belongs together on its page."""

from mediation_engine.domain.labels import Labelled


class Tab(Labelled):
    PARTIES = "parties", "当事人"
    TALKS = "talks", "协调与会诊"
    AGREEMENT = "agreement", "协议与履行"
    VISITS = "visits", "走访"
    PAPERS = "papers", "材料与文书"
