"""stub"""


def page_routes(controls):
    return []
