"""The small behaviors of static/js/ui/ on the style guide, as a person meets them."""

import re

from playwright.sync_api import expect


def test_a_dialog_takes_the_focus_and_gives_it_back(guide) -> None:
    page = guide()
    opener = page.locator('[data-opens="light-dialog"]')
    opener.press("Enter")
    dialog = page.locator("#light-dialog")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.querySelector('#light-dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_drawer_closes_by_a_click_beside_it_and_a_dialog_does_not(guide) -> None:
    page = guide()
    page.click('[data-opens="light-drawer"]')
    page.mouse.click(20, 400)
    expect(page.locator("#light-drawer")).to_be_hidden()
    page.click('[data-opens="light-dialog"]')
    page.mouse.click(20, 400)
    expect(page.locator("#light-dialog")).to_be_visible()


def test_a_quantity_counts_between_its_limits_and_reports_it(guide) -> None:
    page = guide()
    page.evaluate("window.heard = []; addEventListener('change', (event) => heard.push(event.target.value))")
    box = page.locator(".quantity", has=page.locator('[max="9"]')).first
    field = box.locator("input")
    field.fill("8")
    more = box.get_by_role("button", name="One more")
    for _ in range(3):
        more.click()
    expect(field).to_have_value("9")
    field.fill("")
    box.get_by_role("button", name="One less").click()
    expect(field).to_have_value("1")
    assert page.evaluate("heard").count("9") == 1


def test_tabs_move_by_arrow_keys(guide) -> None:
    page = guide()
    page.locator("#light-care-tab").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#light-size-tab")).to_be_focused()
    expect(page.locator("#light-size")).to_be_visible()
    expect(page.locator("#light-care")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#light-care-tab")).to_have_attribute("aria-selected", "true")


def test_the_theme_is_kept(guide) -> None:
    page = guide(theme="light")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<button data-theme-toggle id=toggle>Dark theme</button>')"
    )
    page.click("#toggle")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#toggle")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def show(page, **toast) -> None:
    page.evaluate("(detail) => dispatchEvent(new CustomEvent('toast', {detail}))", toast)


def test_a_toast_says_it_once_and_answers(guide) -> None:
    page = guide()
    page.evaluate("addEventListener('toast:action', (event) => { window.answered = event.detail; })")
    for _ in range(2):
        show(page, message="Cup <b>is</b> in your cart.", action="Undo", name="undo-1")
    toasts = page.locator("#toasts .toast")
    expect(toasts).to_have_count(1)
    expect(toasts).to_contain_text("Cup <b>is</b> in your cart.")
    toasts.get_by_role("button", name="Undo").click()
    assert page.evaluate("window.answered") == "undo-1"
    expect(toasts).to_have_count(0)


def test_a_toast_goes_by_itself_and_an_error_stays(guide) -> None:
    page = guide()
    page.clock.install()
    show(page, message="Saved.")
    show(page, message="The printer is off.", tone="danger")
    expect(page.locator("#toasts .toast")).to_have_count(2)
    page.clock.fast_forward(7000)
    expect(page.locator("#toasts .toast")).to_have_count(1)
    expect(page.locator("#toasts .toast--danger")).to_contain_text("The printer is off.")


def test_a_toast_can_be_closed_while_a_dialog_is_open(guide) -> None:
    page = guide()
    page.click('[data-opens="light-dialog"]')
    show(page, message="The printer is off.", tone="danger")
    page.locator("#toasts").get_by_role("button", name="Close this message").click()
    expect(page.locator("#toasts .toast")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("body > #toasts")).to_have_count(1)


def test_answers_of_the_server_land_where_they_should(guide) -> None:
    page = guide()
    page.evaluate(
        """() => {
          const place = document.createElement("div");
          place.innerHTML = '<button id=ask hx-get="/answer" hx-target="#place">Ask</button><div id=place>before</div>';
          document.querySelector("#main").append(place);
          htmx.process(place);
        }"""
    )
    answer = {}
    page.route(re.compile("/answer"), lambda route: route.fulfill(content_type="text/html", **answer))

    answer.update(status=422, body="<p>Please check the postal code.</p>")
    page.click("#ask")
    expect(page.locator("#place")).to_have_text("Please check the postal code.")

    refusal = '<div class="toast"><span class="toast__message">Only 1 is left.</span></div>'
    answer.update(status=402, body=refusal, headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})
    page.click("#ask")
    expect(page.locator("#toasts")).to_contain_text("Only 1 is left.")

    answer.update(status=500, body="<h1>Traceback</h1>", headers={})
    page.click("#ask")
    expect(page.locator("#toasts .toast--danger")).to_contain_text("Nothing was lost")
    expect(page.locator("#place")).to_have_text("Please check the postal code.")


def test_a_pin_fills_its_dots_and_sends_itself(guide) -> None:
    page = guide()
    page.evaluate(
        """() => {
          const pad = document.querySelector("[data-pinpad]");
          const form = document.createElement("form");
          pad.before(form);
          form.append(pad);
          form.addEventListener("submit", (event) => {
            event.preventDefault();
            window.sent = new FormData(form).get("pin");
          });
        }"""
    )
    pad = page.locator("form [data-pinpad]")
    for digit in "47":
        pad.get_by_role("button", name=digit, exact=True).click()
    pad.get_by_role("button", name="Delete the last figure").click()
    expect(pad.locator(".pinpad__dot.is-filled")).to_have_count(1)
    assert page.evaluate("window.sent") is None
    pad.get_by_role("button", name="2", exact=True).click()
    pad.locator("input").press_sequentially("x19")
    assert page.evaluate("window.sent") == "4219"
