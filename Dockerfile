# First stage: every wheel, the compiled rule engine among them. Nothing of the compiler goes on.
FROM python:3.12-slim AS wheels
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.lock ./
RUN pip wheel --no-cache-dir --require-hashes --wheel-dir /wheels --requirement requirements.lock
COPY pyproject.toml README.md LICENSE CHANGELOG.md wsgi.py ./
COPY rules rules
COPY schemas schemas
COPY triage triage
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

# Second stage: the service, as a user who owns nothing.
FROM python:3.12-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --no-deps /wheels/*.whl \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin triage \
    && install -d -o 10001 -m 0700 /data \
    && install -d -o 10001 -m 0755 /usr/share/referral-triage/diagrams
# The diagram of the rules comes with the image: the check below builds and keeps it.
ENV TRIAGE_DIAGRAMS=/usr/share/referral-triage/diagrams
# The keys of the log, and its file where no TRIAGE_DATABASE_URL is set: keep this volume.
ENV XDG_DATA_HOME=/data
VOLUME /data
USER 10001
WORKDIR /tmp
# An image that cannot decide, or whose rulebook has a fault, is not made.
RUN triage rules check --quiet \
    && echo '{"answers": {"plan": "active"}}' | triage decide - | grep -q '"route":{"id":"crisis"'
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=4s --start-period=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=3)"]
CMD ["triage", "serve", "--bind", "0.0.0.0:8000"]
