"""Asterisk as far as a call can tell: channels, bridges, sounds and recordings, with its events.

What it answers and in which order it tells was measured at the real one.
"""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from plugins.asterisk.ari.client import AriError

EPOCH = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CALLER = "pbx-1.7"

SECONDS = {"sound:beep": 0.3, "sound:short": 1.0, "sound:prompt": 4.0, "sound:music": 30.0}


class Pbx:
    """One Asterisk server.

    Args:
        phones: what each endpoint does when it is rung, by its name: ``(seconds, what)`` one after
            the other; ``what`` is ``ring``, ``answer``, ``hangup``, a key, or how it refuses:
            ``(cause, SIP)``.
        latency: seconds until a request is carried out.
    """

    def __init__(self, phones=None, latency=0.001):
        self.phones = phones or {}
        self.latency = latency
        self.channels = {}
        self.bridges = {}
        self.playbacks = {}
        self.live = {}
        self.stored = {}
        self.requests = []
        self.log = []
        self.hear = lambda event: None
        self._clock = asyncio.get_running_loop()
        self._start = self._clock.time()
        self.add(CALLER, "PJSIP/trunk-1-00000001", "Ring")

    def now(self):
        return EPOCH + timedelta(seconds=self._clock.time() - self._start)

    def later(self, seconds, do, *words):
        self._clock.call_later(seconds, do, *words)

    def tell(self, type_, **more):
        event = {"type": type_, "timestamp": self.now().isoformat(timespec="milliseconds"), **more}
        self.log.append((type_, _id(event)))
        self.hear(event)

    # What parties do

    def add(self, id, name, state="Up"):
        self.channels[id] = {"id": id, "name": name, "state": state, "caller": {"number": ""}}

    def hang_up(self, id, cause=16, said=None):
        """A channel ends; its playback and its recordings with it."""
        if id not in self.channels:
            return
        channel = self.channels.pop(id)
        for name, (of, _) in list(self.live.items()):
            if of == id == CALLER:
                self.finish_recording(name)
            elif of == id:
                self.later(0.005, self.finish_recording, name)
        for snoop in [one for one, of in self.channels.items() if of.get("spied") == id]:
            self.hang_up(snoop)
        for playback in [one for one, of in self.playbacks.items() if of == id]:
            self.finish(playback, "failed")
        for members in self.bridges.values():
            if id in members:
                members.remove(id)
        self.tell("StasisEnd", channel=channel)
        if id != CALLER:
            self.tell("ChannelDestroyed", channel=channel, cause=cause, tech_cause=said)

    def press(self, key, id=CALLER):
        if id in self.channels:
            self.tell("ChannelDtmfReceived", channel=self.channels[id], digit=key)

    def transfer(self, id, refer_to):
        if id in self.channels:
            self.tell(
                "ChannelTransfer",
                referred_by={"source_channel": self.channels[id]},
                refer_to=refer_to,
            )

    def finish(self, playback, state="done"):
        channel = self.playbacks.pop(playback, None)
        if channel is not None:
            self.tell("PlaybackFinished", playback=_playback(playback, channel, state))

    def finish_recording(self, name, talking=None):
        if name not in self.live:
            return
        of, since = self.live.pop(name)
        seconds = int(self._clock.time() - since)
        self.stored[name] = seconds
        told = {"name": name, "duration": seconds}
        if of == CALLER:
            told["talking_duration"] = seconds if talking is None else talking
        self.tell("RecordingFinished", recording=told)

    def _phone_does(self, id, script):
        seconds, what = script[0]
        self.later(seconds, self._phone_did, id, what, script[1:])

    def _phone_did(self, id, what, script):
        if id not in self.channels:
            return
        channel = self.channels[id]
        if what == "ring":
            channel["state"] = "Ringing"
            self.tell("Dial", peer=channel, dialstatus="RINGING")
        elif what == "answer":
            channel["state"] = "Up"
            self.tell("ChannelStateChange", channel=channel)
            self.tell("Dial", peer=channel, dialstatus="ANSWER")
        elif what == "hangup":
            return self.hang_up(id)
        elif isinstance(what, tuple):
            return self.hang_up(id, *what)
        elif isinstance(what, str):
            self.press(what, id)
        else:
            what(id)
        if script:
            self._phone_does(id, script)

    # What it is asked for

    async def ask(self, method, path, body=None, **query):
        """What was asked is done, also when who asked was killed meanwhile."""
        return await asyncio.shield(asyncio.create_task(self._do(method, path, body, **query)))

    async def _do(self, method, path, body=None, **query):
        await asyncio.sleep(self.latency)
        self.requests.append((method, path, {**query, **(body or {})}))
        for shape, do in _REQUESTS:
            found = re.fullmatch(shape, f"{method} {path}")
            if found:
                words = [unquote(one) for one in found.groups()]
                return do(self, *words, **query, **(body or {}))
        raise AssertionError(f"No such request: {method} {path}")

    def asked(self, shape):
        """The requests that were made, of this shape."""
        return [one for one in self.requests if re.fullmatch(shape, f"{one[0]} {one[1]}")]

    def _channel(self, id):
        if id not in self.channels:
            raise AriError(404, '{"message":"Channel not found"}')
        return self.channels[id]

    def _answer(self, id):
        channel = self._channel(id)
        if channel["state"] != "Up":
            channel["state"] = "Up"
            self.tell("ChannelStateChange", channel=channel)

    def _exists(self, id, **more):
        self._channel(id)

    def _set_variable(self, id, variable, value):
        self._channel(id).setdefault("variables", {})[variable] = value

    def _variable(self, id, variable):
        found = self._channel(id).get("variables", {})
        if variable not in found:
            raise AriError(404, '{"message":"Provided variable was not found"}')
        return {"value": found[variable]}

    def _play(self, id, playback, media, offsetms=None):
        self._channel(id)
        self.playbacks[playback] = id
        length = sum(SECONDS[uri] for uri in media) - (offsetms or 0) / 1000
        self.later(length, self.finish, playback)

    def _stop(self, playback):
        if playback not in self.playbacks:
            raise AriError(404, '{"message":"Playback not found"}')
        self.finish(playback)

    def _create(self, endpoint, channelId, **more):
        if channelId in self.channels:
            raise AriError(409, '{"message":"Channel with given unique ID already exists"}')
        if endpoint not in self.phones:
            raise AriError(500, '{"error":"Allocation failed"}')
        self.add(channelId, f"{endpoint}-0000002a", "Down")
        self.channels[channelId]["endpoint"] = endpoint
        self.later(0.001, self._enter, channelId, more["appArgs"].split(","))

    def _enter(self, id, words):
        if id in self.channels:
            self.channels[id]["entered"] = True
            self.tell("StasisStart", channel=self.channels[id], args=words)

    def _dial(self, id, timeout):
        channel = self._channel(id)
        if "entered" not in channel or channel["state"] != "Down":
            raise AriError(409, '{"message":"Channel not in Stasis application"}')
        if "dialled" in channel:
            self.hang_up(id)
            return
        channel["dialled"] = True
        script = self.phones[channel["endpoint"]]
        self.later(timeout, self._rung_out, id)
        if script:
            self._phone_does(id, script)

    def _rung_out(self, id):
        if self.channels.get(id, {}).get("state") in ("Down", "Ringing"):
            self.hang_up(id, 19, 480)

    def _delete_channel(self, id, reason_code=None):
        self._channel(id)
        self.hang_up(id)

    def _bridge(self, bridgeId, type):
        if bridgeId in self.bridges:
            raise AriError(409, '{"message":"Bridge already exists"}')
        self.bridges[bridgeId] = []

    def _of_bridge(self, id):
        if id not in self.bridges:
            raise AriError(404, '{"message":"Bridge not found"}')
        return {"id": id, "channels": list(self.bridges[id])}

    def _delete_bridge(self, id):
        self._of_bridge(id)
        del self.bridges[id]

    def _add_to_bridge(self, id, channel):
        self._of_bridge(id)
        for one in channel.split(","):
            if self.channels.get(one, {}).get("state") != "Up":
                raise AriError(422, '{"message":"Channel not in Stasis application"}')
        for one in channel.split(","):
            for members in self.bridges.values():
                if one in members:
                    members.remove(one)
            self.bridges[id].append(one)

    def _snoop(self, id, snoop, spy, **more):
        self._channel(id)
        if snoop in self.channels:
            raise AriError(500, '{"message":"Snoop channel could not be created"}')
        self.add(snoop, f"Snoop/{id}-00000000")
        self.channels[snoop]["spied"] = id

    def _record(self, id, name, **more):
        self._channel(id)
        if name in self.live:
            raise AriError(409, f'{{"message":"Recording {name} already exists and can not …"}}')
        self.live[name] = (id, self._clock.time())
        if "maxDurationSeconds" in more:
            self.later(more["maxDurationSeconds"], self.finish_recording, name)

    def _live(self, name):
        if name not in self.live:
            raise AriError(404, '{"message":"Recording not found"}')
        return {"name": name}

    def _stored(self, name):
        if name not in self.stored:
            raise AriError(404, '{"message":"Recording not found"}')
        return {"name": name}

    def _discard(self, name):
        self._stored(name)
        del self.stored[name]

    def _progress(self, id, states):
        self._channel(id)
        self.tell(
            "ChannelTransfer",
            referred_by={"source_channel": self.channels[id]},
            refer_to={},
            state=states,
        )

    def _subscribe(self, app, eventSource):
        return {"name": app}


_REQUESTS = [
    ("POST channels/create", Pbx._create),
    ("POST channels/([^/]+)/dial", Pbx._dial),
    ("GET channels", lambda pbx: list(pbx.channels.values())),
    ("GET channels/([^/]+)", Pbx._channel),
    ("DELETE channels/([^/]+)", Pbx._delete_channel),
    ("POST channels/([^/]+)/answer", Pbx._answer),
    ("(?:POST|DELETE) channels/([^/]+)/ring", Pbx._exists),
    ("POST channels/([^/]+)/variable", Pbx._set_variable),
    ("GET channels/([^/]+)/variable", Pbx._variable),
    ("POST channels/([^/]+)/play/([^/]+)", Pbx._play),
    ("POST channels/([^/]+)/snoop/([^/]+)", Pbx._snoop),
    ("POST channels/([^/]+)/record", Pbx._record),
    ("POST channels/([^/]+)/transfer_progress", Pbx._progress),
    ("DELETE playbacks/([^/]+)", Pbx._stop),
    ("POST bridges", Pbx._bridge),
    ("GET bridges/([^/]+)", Pbx._of_bridge),
    ("DELETE bridges/([^/]+)", Pbx._delete_bridge),
    ("POST bridges/([^/]+)/addChannel", Pbx._add_to_bridge),
    ("GET recordings/live/([^/]+)", Pbx._live),
    ("GET recordings/stored/([^/]+)", Pbx._stored),
    ("DELETE recordings/stored/([^/]+)", Pbx._discard),
    ("POST applications/([^/]+)/subscription", Pbx._subscribe),
]


def _id(event):
    for kind in ("channel", "peer", "playback", "recording"):
        if kind in event:
            return event[kind].get("id") or event[kind].get("name")
    return event.get("refer_to", {}).get("requested_destination", {}).get("destination", "")


def _playback(id, channel, state):
    return {"id": id, "state": state, "target_uri": f"channel:{channel}"}
