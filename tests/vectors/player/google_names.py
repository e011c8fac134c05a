"""Google's JSON, whose names have two spellings that mean the same."""

#: Google's operations whose JSON takes topK and top_k, and members under which names are not the API's own.
GOOGLES = ":generateContent", ":streamGenerateContent"
FREE_NAMES = {"args", "response", "properties", "labels", "parameters", "parametersJsonSchema"}
FREE_NAMES |= {"responseSchema", "responseJsonSchema"}


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def one_spelling(body):
    """Google's names as topK."""
    if isinstance(body, list):
        return [one_spelling(one) for one in body]
    if not isinstance(body, dict):
        return body
    named = {camel(name): value for name, value in body.items()}
    return {k: v if k in FREE_NAMES else one_spelling(v) for k, v in named.items()}
