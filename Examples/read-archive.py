#!/usr/bin/env python3
"""Every event of archived days with all of its fields, from the .gz files alone, as a JSON object a line:

    python3 read-archive.py 2012-05-12.ndjson.gz | jq -c '[.time, .fields.host[0], .fields.status[0]]'

docs/format/archive.md describes the files. It needs no index and no wplog."""
import base64
import gzip
import json
import sys

OWN_KEYS = {"time", "id", "received", "shape", "line", "cut", "raw", "raw_base64"}


def octets(value):
    """The bytes of a string, or of {"base64": ...}."""
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value.encode()


def ends(raw, shape, lengths):
    """Where each element of a shape ends in a raw line."""
    place, lengths = 0, lengths and iter(lengths)
    for index, e in enumerate(shape):
        if "text" in e:
            place += len(e["text"])
        elif "field" in e or "time" in e:  # as `cut` says it, else up to the next literal text, or to the line's end
            text = next((t["text"] for t in shape[index + 1:] if t.get("text")), None)
            place = place + next(lengths) if lengths else raw.index(text, place) if text else len(raw)
        yield e, place


def events(path):
    """Yields time, id, received, raw line and fields: by name, the values in their order, as bytes."""
    shapes = {}
    for line in gzip.open(path):
        event = json.loads(line)
        raw = base64.b64decode(event["raw_base64"]) if "raw_base64" in event else event["raw"].encode()
        if "line" in event:  # the first line of a shape in a member tells it
            shapes[event["shape"]] = [
                {"text": octets(e)} if isinstance(e, str) or "base64" in e else e for e in event["line"]]
        fields, begun, start = {}, [], 0
        for key in event.keys() - OWN_KEYS:  # what does not stand in the raw line
            values = event[key] if isinstance(event[key], list) else [event[key]]
            fields[key.removeprefix("field.")] = {n: octets(v) for n, v in enumerate(values) if v is not None}
        for e, end in ends(raw, shapes[event["shape"]], event.get("cut")):
            if "begin" in e:
                begun.append((e["begin"], e, start))
            elif "end" in e or "field" in e:
                name, e, start = begun.pop() if "end" in e else (e["field"], e, start)
                fields.setdefault(name, {})[e.get("number", 0)] = raw[start:end]
            start = end
        values = {name: [found[n] for n in sorted(found)] for name, found in fields.items()}
        yield event["time"], event["id"], event["received"], raw, values


if __name__ == "__main__":
    for path in sys.argv[1:]:
        for time, number, received, raw, fields in events(path):
            texts = {name: [v.decode(errors="replace") for v in fields[name]] for name in fields}
            print(json.dumps({"time": time, "id": number, "received": received, "fields": texts}))
