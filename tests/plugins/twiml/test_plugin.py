"""What the plugin tells the core."""

from plugins.twiml import plugin
from plugins.twiml.gateway import urls


def test_it_is_a_gateway_that_nobody_can_switch_off() -> None:
    told = plugin.register_plugin()
    assert (told.name, told.features, told.optional) == ("twiml", (), False)
    (kind,) = plugin.register_gateways()
    assert (kind.name, dict(kind.providers)) == (
        "twiml",
        {"twilio": "Twilio", "signalwire": "SignalWire"},
    )
    assert [blueprint.name for blueprint in plugin.register_blueprints()] == ["twiml"]


def test_what_an_admin_pastes(twilio, signalwire) -> None:
    base = f"https://phones.example/twiml/{twilio.id}"
    assert urls(twilio) == [
        ("A call comes in (webhook, POST)", f"{base}/voice"),
        ("Primary handler fails (webhook, POST)", f"{base}/fallback"),
        ("Call status changes (POST)", f"{base}/status#rc=5&rp=all"),
    ]
    assert urls(signalwire)[2][1] == f"https://phones.example/pbx/twiml/{signalwire.id}/status"


def test_the_addresses_to_paste_are_routes(provider, twilio) -> None:
    for _, address in urls(twilio):
        assert provider.post(address, provider.fields()).status != 404
