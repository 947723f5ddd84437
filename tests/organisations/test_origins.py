"""Which lines are an origin, and what is wrong with those that are none."""

import pytest

from tocsin.organisations.origins import MOST, NoOrigin, Why, read_origin, read_origins


@pytest.mark.parametrize(
    ("line", "origin"),
    [
        ("https://www.example.org", "https://www.example.org"),
        ("HTTPS://WWW.Example.ORG/", "https://www.example.org"),
        ("https://example.org:443", "https://example.org"),
        ("https://example.org:8443/", "https://example.org:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(line: str, origin: str) -> None:
    assert read_origin(line) == origin


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("*", Why.STAR),
        ("https://*.example.org", Why.STAR),
        ("www.example.org", Why.NOT_HTTPS),
        ("http://www.example.org", Why.NOT_HTTPS),
        ("http://192.168.1.1", Why.NOT_HTTPS),
        ("ftp://example.org", Why.NOT_HTTPS),
        ("javascript:alert(1)", Why.NOT_HTTPS),
        ("'self'", Why.NOT_HTTPS),
        ("https:", Why.NOT_HTTPS),
        ("https://example.org/page", Why.MORE_THAN_AN_ORIGIN),
        ("https://example.org?x", Why.MORE_THAN_AN_ORIGIN),
        ("https://example.org/#x", Why.MORE_THAN_AN_ORIGIN),
        ("https://amina@example.org", Why.MORE_THAN_AN_ORIGIN),
        ("https://example", Why.NO_NAME),
        ("https://10.0.0.1", Why.NO_NAME),
        ("https://[::1]", Why.NO_NAME),
        ("https://example.org; script-src https://evil.example", Why.MORE_THAN_AN_ORIGIN),
        ("https://example.org;", Why.NO_NAME),
        ("https://example.org,https://evil.example", Why.MORE_THAN_AN_ORIGIN),
        ("https://example.org https://evil.example", Why.MORE_THAN_AN_ORIGIN),
        ("https://-a.example", Why.NO_NAME),
        ("https://a..example", Why.NO_NAME),
        (f"https://{'a' * 64}.example", Why.NO_NAME),
        ("https://example.org:", Why.NO_PORT),
        ("https://example.org:0", Why.NO_PORT),
        ("https://example.org:99999", Why.NO_PORT),
        ("https://example.org:x", Why.NO_PORT),
        ("https://[example.org", Why.NO_PORT),
    ],
)
def test_what_is_none_is_refused_by_name(line: str, why: Why) -> None:
    with pytest.raises(NoOrigin) as refused:
        read_origin(line)
    assert (refused.value.why, refused.value.line) == (why, line)


def test_a_text_has_one_a_line_and_each_once() -> None:
    text = "\r\n https://b.example \r\n\r\nhttps://a.example/\r\nhttps://B.example"
    assert read_origins(text) == ("https://b.example", "https://a.example")


@pytest.mark.parametrize("text", ["", " \n "])
def test_a_partner_without_a_site_is_none(text: str) -> None:
    with pytest.raises(NoOrigin) as refused:
        read_origins(text)
    assert refused.value.why is Why.NONE


def test_more_than_fit_into_a_header_are_refused() -> None:
    most = [f"https://site{number}.example" for number in range(MOST)]
    assert len(read_origins("\n".join(most))) == MOST
    with pytest.raises(NoOrigin) as refused:
        read_origins("\n".join([*most, "https://one.example"]))
    assert refused.value.why is Why.TOO_MANY
