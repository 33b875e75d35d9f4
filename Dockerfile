# Small, without root, one volume. Build: docker build -t asalee-tracker .
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/asalee-tracker
COPY requirements.txt requirements-build.txt ./
RUN /opt/asalee-tracker/bin/pip install --require-hashes -r requirements.txt \
    && python -m venv /opt/build && /opt/build/bin/pip install --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY crawler crawler
COPY tracker tracker
COPY feeds feeds
COPY db db
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /src/dist . \
    && /opt/asalee-tracker/bin/pip install --no-deps /src/dist/*.whl \
    && /opt/asalee-tracker/bin/pip uninstall --yes --quiet pip \
    # what no service needs: the libraries' own tests, and the words of other languages
    && cd /opt/asalee-tracker/lib/python3*/site-packages \
    && find . -depth -type d \( -name test -o -name tests \) -exec rm -r {} + \
    && find babel/locale-data -name '*.dat' ! -name 'root.dat' ! -name 'en*.dat' ! -name 'fr*.dat' -delete

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin asalee \
    && install --directory --owner asalee --group asalee --mode 0750 /data
COPY --from=build /opt/asalee-tracker /opt/asalee-tracker
ENV PATH=/opt/asalee-tracker/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TRACKER_DATA_DIR=/data \
    TRACKER_HOST=0.0.0.0 \
    TRACKER_PORT=8000
USER asalee
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s CMD ["asalee-tracker", "health"]
CMD ["asalee-tracker", "run"]
