# Brings what the workbench tests need beside the packages: Debian's chromium, and VS Code as code-server in host/.
set -e

chromium="${PERCH_CHROMIUM:-/usr/bin/chromium}"
if ! test -x "$chromium"; then
	if test -n "$PERCH_CHROMIUM" || ! command -v apt-get >/dev/null; then
		echo "The workbench tests need Chromium at $chromium. Install it, or say with PERCH_CHROMIUM where it is." >&2
		exit 1
	elif test "$(id -u)" = 0; then
		may=''
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		may='sudo -n'
	else
		echo 'The workbench tests need the Debian package "chromium". Run: sudo apt-get install chromium' >&2
		exit 1
	fi
	export DEBIAN_FRONTEND=noninteractive
	$may apt-get -o DPkg::Lock::Timeout=120 update -qq
	$may apt-get -o DPkg::Lock::Timeout=120 install -y -qq chromium >/dev/null
fi

cd "$(dirname "$0")/host"
if ! cmp -s package-lock.json node_modules/.ready; then
	npm ci --ignore-scripts --no-audit --no-fund
	(cd node_modules/code-server/lib/vscode && npm install --omit=dev --ignore-scripts --no-audit --no-fund) # its lockfile is refused by npm ci
	(cd node_modules/code-server/lib/vscode/extensions && npm ci --omit=dev --ignore-scripts --no-audit --no-fund)
	cp package-lock.json node_modules/.ready
fi
cp spdlog.cjs node_modules/code-server/lib/vscode/node_modules/@vscode/spdlog/index.js
