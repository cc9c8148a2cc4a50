"""The pages and their files, under a policy that lets nothing else run."""

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from adapters.http.page_policy import HEADERS
from adapters.http.problems import not_found
from api.pages.files import FILES, FOLDERS, MEDIA_TYPES, PAGES

router = APIRouter(include_in_schema=False)


def _file(address: str) -> Response:
    path = FILES.get(address)
    if path is None:
        raise not_found("page")
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers=HEADERS)


def _serve(address: str) -> None:
    @router.get(address)
    def page() -> Response:
        return _file(address)


def _serve_folder(folder: str) -> None:
    @router.get(f"{folder}/{{name}}")
    def file(name: str) -> Response:
        return _file(f"{folder}/{name}")


for _address in PAGES:
    _serve(_address)
for _folder in FOLDERS:
    _serve_folder(_folder)
