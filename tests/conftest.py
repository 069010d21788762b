"""What tests of several folders share."""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from pulumi.runtime.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome


settings.register_profile("unhurried", deadline=None)  # how long an example takes says nothing on a busy machine
settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every process begin with its share of the long tests: none has one left when the others are through."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)
    items[:] = [item for first in range(processes) for item in items[first::processes]]


@pytest.fixture(autouse=True)
def current_loop() -> Iterator[None]:
    """Outputs are made on the thread's current event loop, which an `asyncio.run` of an earlier test took away.

    Pulumi keeps those that nobody waited for, and the next program would wait for them.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    SETTINGS.outputs.clear()
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("needs Chromium: apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium: it is in the extra [dev]")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"):
        options.add_argument(argument)
    with webdriver.Chrome(options=options, service=webdriver.ChromeService(driver)) as chrome:
        chrome.set_window_size(1280, 1000)
        yield chrome
