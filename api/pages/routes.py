"""The pages and their files, under a policy that lets nothing else run.

Browsers keep the files of a version for good. Of pages, and of files without a version, they ask
each time whether they have the current one.
"""

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from adapters.http.page_policy import HEADERS
from adapters.http.problems import not_found
from api.etags import is_current
from api.pages.contents import contents
from api.pages.files import FILES, FOLDERS, MEDIA_TYPES, PAGES
from api.pages.versions import PLACE, version

router = APIRouter(include_in_schema=False)


def _file(path: Path | None, request: Request, at: str = "") -> Response:
    """The file, which names others by their addresses of the version `at`, if there is one."""
    if path is None:
        raise not_found("page")
    found = contents(path, request.headers.get("accept-encoding", ""), at)
    headers = {**HEADERS, "ETag": found.etag, "Vary": "Accept-Encoding"}
    if is_current(request.headers.get("if-none-match", ""), found.etag):
        return Response(status_code=304, headers=headers)
    if found.encoding:
        headers["Content-Encoding"] = found.encoding
    return Response(found.body, media_type=MEDIA_TYPES[path.suffix], headers=headers)


def _serve(address: str) -> None:
    @router.get(address)
    async def page(request: Request) -> Response:
        return _file(FILES[address], request, version())

    if address == "/":
        return

    @router.get(f"{address}/")
    async def typed_with_a_slash(request: Request) -> Response:
        query = request.url.query
        # Without a host: the one that the browser knows stays.
        return RedirectResponse(f"{address}?{query}" if query else address, status_code=303)


def _serve_folder(folder: str) -> None:
    @router.get(f"{folder}/{{name}}")
    async def file(name: str, request: Request) -> Response:
        return _file(FILES.get(f"{folder}/{name}"), request)


def _of_version(at: str, address: str, request: Request) -> Response:
    # A page of another version takes nothing of this one: half of each would be worse than none.
    return _file(FILES.get(address) if at == version() else None, request, at)


@router.get(f"{PLACE}{{at}}/{{name}}")
async def page_of_version(at: str, name: str, request: Request) -> Response:
    """A page for whoever keeps it with its files: the recorder's, without a network."""
    return _of_version(at, f"/{name}", request)


@router.get(f"{PLACE}{{at}}/{{folder}}/{{name}}")
async def file_of_version(at: str, folder: str, name: str, request: Request) -> Response:
    """A file of the current version."""
    return _of_version(at, f"/{folder}/{name}", request)


for _address in PAGES:
    _serve(_address)
for _folder in FOLDERS:
    _serve_folder(_folder)
