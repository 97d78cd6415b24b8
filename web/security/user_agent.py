"""Browser and system of a sign-in, in words."""

from __future__ import annotations

from flask import Request

BROWSERS = {
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "鸿蒙",
    "OpenHarmony": "鸿蒙",
    "Android": "安卓",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def device_of(request: Request) -> str:
    """The kind of browser and of machine, in words: what a stolen cookie would have to come from too."""
    agent = request.headers.get("User-Agent", "")
    browser = next((words for sign, words in BROWSERS.items() if sign in agent), "其他浏览器")
    system = next((words for sign, words in SYSTEMS.items() if sign in agent), "其他设备")
    return f"{system} · {browser}"
