"""The pages and their files, under a policy that lets nothing else run.

Browsers keep the files and ask each time whether they have the current one.
"""

from fastapi import APIRouter, Request, Response

from adapters.http.page_policy import HEADERS
from adapters.http.problems import not_found
from api.etags import is_current
from api.pages.contents import contents
from api.pages.files import FILES, FOLDERS, MEDIA_TYPES, PAGES

router = APIRouter(include_in_schema=False)


def _file(address: str, request: Request) -> Response:
    path = FILES.get(address)
    if path is None:
        raise not_found("page")
    found = contents(path, request.headers.get("accept-encoding", ""))
    headers = {**HEADERS, "ETag": found.etag, "Vary": "Accept-Encoding"}
    if is_current(request.headers.get("if-none-match", ""), found.etag):
        return Response(status_code=304, headers=headers)
    if found.encoding:
        headers["Content-Encoding"] = found.encoding
    return Response(found.body, media_type=MEDIA_TYPES[path.suffix], headers=headers)


def _serve(address: str) -> None:
    @router.get(address)
    async def page(request: Request) -> Response:
        return _file(address, request)


def _serve_folder(folder: str) -> None:
    @router.get(f"{folder}/{{name}}")
    async def file(name: str, request: Request) -> Response:
        return _file(f"{folder}/{name}", request)


for _address in PAGES:
    _serve(_address)
for _folder in FOLDERS:
    _serve_folder(_folder)
