# One image for every role; docker-compose.yml says which role runs where.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OPSCONSOLE_DATA_DIR=/data MALLOC_ARENA_MAX=2
RUN useradd --system --uid 10001 --home-dir /data --create-home console
COPY --from=build /venv /venv
WORKDIR /app
COPY --chown=root:root . .
USER 10001
RUN python manage.py collectstatic --noinput -v0 && rm -f /data/secret.key
# No VOLUME: it would keep the static files of an older image alive under a newer one.
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
