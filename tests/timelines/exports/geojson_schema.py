"""What RFC 7946 asks of a collection of point features, as a JSON schema written from its text."""

POSITION = {
    # Section 3.1.1: longitude, latitude, and maybe a height.
    "type": "array",
    "minItems": 2,
    "maxItems": 3,
    "prefixItems": [
        {"type": "number", "minimum": -180, "maximum": 180},
        {"type": "number", "minimum": -90, "maximum": 90},
    ],
    "items": {"type": "number"},
}
POINT = {
    "type": "object",
    "required": ["type", "coordinates"],
    "properties": {"type": {"const": "Point"}, "coordinates": POSITION},
    # Section 7.1: members of the other kinds of object mean nothing here.
    "not": {"anyOf": [{"required": [name]} for name in ("geometry", "properties", "features")]},
}
FEATURE = {
    # Section 3.2: geometry and properties are there even where they are null.
    "type": "object",
    "required": ["type", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "id": {"type": ["string", "number"]},
        "geometry": {"oneOf": [POINT, {"type": "null"}]},
        "properties": {"type": ["object", "null"]},
    },
    "not": {"anyOf": [{"required": [name]} for name in ("coordinates", "geometries", "features")]},
}
FEATURE_COLLECTION = {
    # Section 3.3; section 4: there is no `crs` any more.
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": FEATURE},
    },
    "not": {"anyOf": [{"required": [n]} for n in ("crs", "coordinates", "geometry", "properties")]},
}
