# One image; docker-compose.yml starts it as web, worker, beat and the one-shot setup.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONUTF8=1
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin tensionline
WORKDIR /app

COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY manage.py pyproject.toml .env.example ./
COPY config config
COPY apps apps
COPY templates templates
COPY static static
COPY dossiers dossiers
# Everything the product writes is below /app/var: the volume that the services share.
RUN install -d -o tensionline -g tensionline /app/var

USER tensionline
ENV WEB_HOST=0.0.0.0 WEB_PORT=8000
EXPOSE 8000
CMD ["python", "manage.py", "part", "web"]
