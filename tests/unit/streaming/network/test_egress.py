"""Streams go to public addresses only, however an address is spelt, and to what is allowed beside them."""

import pytest

from streaming.network.egress import Egress, Ingest, NotPublic, UnknownHost, parse

LOOPBACK = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f.1 0x7f000001 0177.0.0.1 017700000001 0 0x 0.0.0.0 127.0.0.1. ①②⑦.0.0.1
127。0。0。1 [::] [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [::ffff:0:127.0.0.1] [64:ff9b::7f00:1]
[2002:7f00:1::] [2001:0:7f00:1::] [2a00::5efe:7f00:1]
"""
SPECIAL = """
10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200 192.0.0.192 168.63.129.16
192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 192.88.99.1
[64:ff9b:1::808:808] [2002:a00:1::1] [::ffff:10.0.0.1] [2001:db8::1] [3fff::1] [fe80::1] [fec0::1] [fc00::1]
[fd00:ec2::254] [ff02::1] [100::1] [4000::1]
"""
NAMES = """
localhost LOCALHOST localhost. a.localhost ｌocalhost redis engine printer.local metadata.google.internal nas.lan
x.home.arpa
"""
PUBLIC = "8.8.8.8 8.8.8.8. 1.1.1.1 [2606:4700::1111] [64:ff9b::808:808] a.rtmps.youtube.com живой.рф"
NO_INGEST = (
    *(
        "http://8.8.8.8/live",
        "rtmp://",
        "rtmp:///live",
        "rtmp://host name/live",
        "rtmp://8.8.8.8:0/x",
        "//8.8.8.8/live",
    ),
    *(
        "rtmp://8.8.8.8:99999/x",
        "rtmp://[/x",
        "rtmp://a@8.8.8.8/live",
        "rtmp://good.com:80@127.0.0.1/",
        "rtmp://-a.com/x",
    ),
    *("rtmp://good.com\\@127.0.0.1/", "rtmp://good.com#@127.0.0.1/", "rtmp://%31%32%37.0.0.1/x", "rtmp://1.2.3.4.5/x"),
    *("rtmp://08.8.8.8/x", "rtmp://256.1.1.1/x", "rtmp://[fe80::1%25eth0]/x", "rtmp://8.8.8.8\t/x", "rtmp://a..b/x"),
)


def ingest(host: str, *, port: str = "") -> Ingest:
    parsed = parse(f"rtmp://{host}{port}/live")
    assert parsed
    return parsed


@pytest.mark.parametrize("host", [*LOOPBACK.split(), *SPECIAL.split(), *NAMES.split()])
def test_what_is_not_public_is_refused_however_it_is_spelt(host: str) -> None:
    with pytest.raises(NotPublic):
        Egress().check(ingest(host))


@pytest.mark.parametrize("host", PUBLIC.split())
def test_what_is_public_is_good(host: str) -> None:
    Egress().check(ingest(host))


@pytest.mark.parametrize("url", NO_INGEST)
def test_what_two_programs_could_understand_differently_is_no_ingest(url: str) -> None:
    assert parse(url) is None


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("RTMPS://A.Example.COM.:443/Live2", "rtmps://a.example.com:443/Live2"),
        ("rtmp://134744072/live", "rtmp://8.8.8.8/live"),
        ("rtmp://[2606:4700:0::1111]/x", "rtmp://[2606:4700::1111]/x"),
        ("rtmp://живой.рф/x", "rtmp://xn--b1ahgfy.xn--p1ai/x"),
    ],
)
def test_an_ingest_is_spelt_in_one_way(url: str, plain: str) -> None:
    parsed = parse(url)
    assert parsed
    assert parsed.url == plain


@pytest.mark.parametrize(
    ("port", "is_good"), [("", True), (":80", True), (":443", True), (":1024", True), (":22", False)]
)
def test_ports_of_other_services_are_refused(port: str, *, is_good: bool) -> None:
    if is_good:
        Egress().check(ingest("8.8.8.8", port=port))
    else:
        with pytest.raises(NotPublic):
            Egress().check(ingest("8.8.8.8", port=port))


@pytest.mark.parametrize(
    "host", ["10.1.2.3", "[::ffff:10.1.2.3]", "10.66051", "nas.lan", "NAS.lan.", "[2002:a01:203::]"]
)
def test_what_is_allowed_is_good_at_any_port(host: str) -> None:
    Egress.allowing(["10.0.0.0/8", "nas.lan", "2002::/16"]).check(ingest(host, port=":22"))


@pytest.mark.parametrize("host", ["127.0.0.1", "[fe80::5efe:a01:203]", "[::1]"])
def test_what_is_allowed_opens_nothing_else(host: str) -> None:
    egress = Egress.allowing(["10.0.0.0/8", "nas.lan"])
    with pytest.raises(NotPublic):
        egress.check(ingest(host))


@pytest.mark.parametrize("name", ["", "10.0.0.0/33", "no host", "http://x", "a/b", "-"])
def test_what_is_neither_network_nor_host_cannot_be_allowed(name: str) -> None:
    with pytest.raises(ValueError, match="neither a network nor a host"):
        Egress.allowing([name])


async def test_a_name_is_judged_by_its_addresses() -> None:
    assert [str(a) for a in await Egress.allowing(["127.0.0.0/8", "::1"]).addresses(ingest("localhost"))]
    with pytest.raises(NotPublic):
        await Egress.allowing(["10.0.0.0/8"]).addresses(ingest("localhost"))
    assert await Egress.allowing(["localhost"]).addresses(ingest("localhost"))


async def test_a_name_that_nobody_knows_is_told_apart() -> None:
    with pytest.raises(UnknownHost):
        await Egress().addresses(ingest("nobody-knows-this-name.youtube.com"))
