# One image: web, worker and beat differ by their command (docker-compose.yml).
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement /tmp/base.txt

FROM ${BASE}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/homeroom \
    DELETION_LIST=/var/lib/deletions/list
RUN useradd --uid 10001 --create-home --home-dir /var/lib/homeroom homeroom \
    && install --directory --owner homeroom --mode 0700 /var/lib/deletions
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/homeroom
COPY . .
# The key that this makes on the way must not stay in the image. Its user reads every file, whatever the umask of the clone.
RUN VAR_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 && rm -r /tmp/build \
    && chmod --recursive a+rX .
USER 10001
VOLUME /var/lib/homeroom
EXPOSE 8000
CMD ["python", "-m", "config.web", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm"]
