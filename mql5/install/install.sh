#!/usr/bin/env bash
# Copies the Expert Advisor's sources into the data folder of a MetaTrader 5 terminal under Wine (Linux, macOS).
# Works with bash 3.2, needs no root, and can be run again at any time.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
source_root=$(cd "$here/.." && pwd) || exit 1
name=CSMultiConnector
# What this script has put into a data folder, one path a line. Files that are not named there are none of its business.
manifest="MQL5/Experts/$name/installed-files.txt"

usage() {
  cat <<'USAGE'
usage: install.sh [--data-folder FOLDER] [--dry-run] [--uninstall]
       install.sh [--data-folder FOLDER] --list

  --data-folder FOLDER  the terminal's data folder (in the terminal: File, Open Data Folder);
                        without it the usual places are searched
  --list                show the data folders found, or the one named, and which version is installed
  --dry-run             say what would be done, and change nothing
  --uninstall           remove what was installed
USAGE
}

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

chosen="" list=no dry=no uninstall=no
while [ $# -gt 0 ]; do
  case "$1" in
    --data-folder)
      [ $# -ge 2 ] && [ -n "$2" ] || { echo "install.sh: --data-folder needs a folder." >&2; exit 2; }
      chosen=$2
      shift 2
      ;;
    --data-folder=?*) chosen=${1#--data-folder=}; shift ;;
    --list) list=yes; shift ;;
    --dry-run) dry=yes; shift ;;
    --uninstall) uninstall=yes; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "install.sh: \"$1\" is not known." >&2; usage >&2; exit 2 ;;
  esac
done

# Under sudo the home is another one, and the terminal could not change its own files afterwards.
[ -z "${SUDO_USER:-}" ] || [ "$SUDO_USER" = root ] || fail "run it as the user who runs the terminal, without sudo."
[ -n "${HOME:-}" ] || [ -n "$chosen" ] || fail "HOME is not set; name the data folder with --data-folder."

# --- the sources

sources() { (cd "$source_root" && find "Experts/$name" "Include/$name" -type f \( -name '*.mq5' -o -name '*.mqh' \) | LC_ALL=C sort); }

version_in() { sed -n 's/^#define CSMC_VERSION "\([^"]*\)".*/\1/p' "$1/Include/$name/Context.mqh" 2>/dev/null | head -1; }

version=$(version_in "$source_root")
[ -n "$version" ] || fail "the sources are not complete: $source_root/Include/$name/Context.mqh is missing or names no version."

# --- data folders

is_data_folder() {
  [ -d "$1/MQL5" ] || return 1
  [ -f "$1/origin.txt" ] || [ -f "$1/terminal64.exe" ] || [ -f "$1/terminal.exe" ] \
    || [ -f "$1/config/common.ini" ] || [ -f "$1/Config/common.ini" ]
}

# The program folder that a data folder belongs to, as Windows writes it; the terminal writes the file in UTF-16.
origin_of() {
  [ -f "$1/origin.txt" ] || return 0
  case "$(LC_ALL=C od -An -tx1 -N2 "$1/origin.txt" | tr -d ' \n')" in
    fffe | feff) iconv -f UTF-16 -t UTF-8 "$1/origin.txt" 2>/dev/null ;;
    *) cat "$1/origin.txt" ;;
  esac | tr -d '\r\n'
}

prefixes() {
  if [ -n "${WINEPREFIX:-}" ]; then printf '%s\n' "$WINEPREFIX"; fi
  if [ -z "${HOME:-}" ]; then return; fi
  local p
  for p in "$HOME"/.wine* "$HOME"/.mt5* \
    "$HOME/Library/Application Support"/net.metaquotes.wine.metatrader5* \
    "$HOME/Library/Application Support/MetaTrader 5/Bottles"/* \
    "$HOME/Library/Application Support/CrossOver/Bottles"/* \
    "$HOME"/.cxoffice/*; do
    if [ -d "$p/drive_c" ]; then printf '%s\n' "$p"; fi
  done
}

# One a line. A program folder counts only when no data folder names it as its origin: then it holds its own data.
data_folders() {
  local p folder windows taken
  prefixes | while IFS= read -r p; do (cd "$p" 2>/dev/null && pwd -P); done | LC_ALL=C sort -u | while IFS= read -r p; do
    taken="|"
    for folder in "$p"/drive_c/users/*/AppData/Roaming/MetaQuotes/Terminal/* "$p"/drive_c/users/*/"Application Data"/MetaQuotes/Terminal/*; do
      case "${folder##*/}" in
        *[!0-9A-Fa-f]*) continue ;;
        ????????????????????????????????) ;;
        *) continue ;;
      esac
      is_data_folder "$folder" || continue
      (cd "$folder" && pwd -P)
      windows=$(origin_of "$folder" | tr '\\' '/')
      taken="$taken$p/drive_c/${windows#[A-Za-z]:/}|"
    done
    for folder in "$p"/drive_c/"Program Files"/* "$p"/drive_c/"Program Files (x86)"/* "$p"/drive_c/*; do
      [ -f "$folder/terminal64.exe" ] || [ -f "$folder/terminal.exe" ] || continue
      is_data_folder "$folder" || continue
      case "$taken" in *"|$folder|"*) continue ;; esac
      (cd "$folder" && pwd -P)
    done
  done | LC_ALL=C sort -u
}

describe() {
  local installed origin
  installed=$(version_in "$1/MQL5")
  origin=$(origin_of "$1")
  printf '  %s\n' "$1"
  if [ -n "$origin" ]; then printf '      terminal: %s\n' "$origin"; fi
  if [ -n "$installed" ]; then printf '      %s %s is installed\n' "$name" "$installed"; else printf '      %s is not installed\n' "$name"; fi
}

describe_all() { printf '%s\n' "$1" | while IFS= read -r folder; do describe "$folder"; done; }

none_found() {
  cat >&2 <<'NONE'
install.sh: no data folder of a MetaTrader 5 terminal was found.
Start the terminal once, choose File, Open Data Folder in it, and name that folder:
  install.sh --data-folder "FOLDER"
NONE
  exit 1
}

if [ -n "$chosen" ]; then
  [ -d "$chosen" ] || fail "there is no folder \"$chosen\"."
  target=$(cd "$chosen" && pwd -P) || fail "\"$chosen\" cannot be entered."
  # The folder MQL5 itself means the folder that holds it.
  if [ "${target##*/}" = MQL5 ] && is_data_folder "${target%/*}"; then target=${target%/*}; fi
  if [ ! -d "$target/MQL5" ] && [ -d "$target/MQL4" ]; then fail "\"$target\" belongs to MetaTrader 4; the Expert Advisor needs MetaTrader 5."; fi
  is_data_folder "$target" \
    || fail "\"$target\" is no data folder of a MetaTrader 5 terminal: it has no folder MQL5, or neither origin.txt, terminal64.exe nor config/common.ini beside it."
  found=$target
else
  found=$(data_folders)
  [ -n "$found" ] || none_found
fi

if [ "$list" = yes ]; then
  echo "Data folders:"
  describe_all "$found"
  exit 0
fi
if [ "$(printf '%s\n' "$found" | wc -l)" -gt 1 ]; then
  {
    echo "install.sh: several data folders were found. Name one with --data-folder:"
    describe_all "$found"
  } >&2
  exit 1
fi
target=$found

# --- what is done

changes=0
note() {
  changes=$((changes + 1))
  if [ "$dry" = yes ]; then echo "  would $1 $2"; else echo "  $1 $2"; fi
}

remove_file() {
  [ -f "$target/$1" ] || [ -L "$target/$1" ] || return 0
  note "remove" "$1"
  [ "$dry" = yes ] || rm -f "$target/$1" || fail "\"$target/$1\" cannot be removed."
}

# A path of the manifest counts only when it is one that this script could have written.
ours() {
  case "$1" in
    *..* | *//*) return 1 ;;
    "MQL5/Experts/$name/"*.mq5 | "MQL5/Include/$name/"*.mqh) return 0 ;;
    *) return 1 ;;
  esac
}

installed_files() {
  if [ -f "$target/$manifest" ]; then
    tr -d '\r' <"$target/$manifest"
  else
    sources | sed 's,^,MQL5/,'
  fi | while IFS= read -r path; do if ours "$path"; then printf '%s\n' "$path"; fi; done
}

strangers() {
  local path
  (cd "$target" && find "MQL5/Experts/$name" "MQL5/Include/$name" -type f 2>/dev/null | LC_ALL=C sort) | while IFS= read -r path; do
    case "$path" in "$manifest" | "MQL5/Experts/$name/$name.ex5") continue ;; esac
    grep -Fqx -- "$path" <<<"$1" || printf '%s\n' "$path"
  done
}

report_strangers() {
  [ -n "$1" ] || return 0
  echo "Left alone, since it did not come from here:"
  printf '%s\n' "$1" | sed 's/^/  /'
}

if [ "$uninstall" = yes ]; then
  echo "Removing $name from $target"
  files=$(installed_files)
  while IFS= read -r path; do
    if [ -n "$path" ]; then remove_file "$path"; fi
  done <<FILES
$files
FILES
  remove_file "MQL5/Experts/$name/$name.ex5"
  remove_file "$manifest"
  if [ "$dry" != yes ]; then
    for folder in "MQL5/Experts/$name" "MQL5/Include/$name"; do
      [ ! -d "$target/$folder" ] || rmdir "$target/$folder" 2>/dev/null
    done
    report_strangers "$(strangers "")"
  fi
  if [ "$changes" = 0 ]; then echo "Nothing of it is there."; exit 0; fi
  [ "$dry" = yes ] && exit 0
  cat <<DONE
Done. Take the Expert Advisor off its charts if it still runs there.
Its log files stay in MQL5/Files/$name, and an address that you allowed stays in the terminal's options.
DONE
  exit 0
fi

for folder in "MQL5/Experts/$name" "MQL5/Include/$name"; do
  part=${folder#MQL5/}
  if [ -d "$target/$folder" ] && [ "$target/$folder" -ef "$source_root/$part" ]; then
    fail "\"$target/$folder\" is a link to these very sources: there is nothing to copy."
  fi
done

before=$(version_in "$target/MQL5")
if [ -z "$before" ]; then echo "Installing $name $version into $target"
elif [ "$before" = "$version" ]; then echo "Bringing $name $version up to date in $target"
else echo "Replacing $name $before by $version in $target"; fi

new_files=$(sources | sed 's,^,MQL5/,')
old_files=""
if [ -f "$target/$manifest" ]; then old_files=$(installed_files); fi

put() { # contents come from file $1; written beside the target first, so that a full disk leaves the old file whole
  local to="$target/$2"
  [ ! -d "$to" ] || fail "\"$to\" is a folder, where a file has to be."
  if [ -f "$to" ] && [ ! -L "$to" ] && cmp -s "$1" "$to"; then return 0; fi
  if [ -e "$to" ]; then note "replace" "$2"; else note "copy" "$2"; fi
  [ "$dry" = yes ] && return 0
  mkdir -p "$(dirname "$to")" && cp "$1" "$to.new" && mv -f "$to.new" "$to" || {
    rm -f "$to.new"
    fail "\"$to\" cannot be written. Is the disk full, or does the folder belong to another user?"
  }
}

while IFS= read -r path; do
  put "$source_root/${path#MQL5/}" "$path"
done <<FILES
$new_files
FILES
while IFS= read -r path; do
  if [ -n "$path" ] && ! printf '%s\n' "$new_files" | grep -Fqx -- "$path"; then remove_file "$path"; fi
done <<FILES
$old_files
FILES
sources_changed=$changes

# Last: what an interrupted run left behind is put right by the next one.
temporary=$(mktemp "${TMPDIR:-/tmp}/csmulticonnector.XXXXXX") || fail "no temporary file can be made."
trap 'rm -f "$temporary"' EXIT
printf '%s\n' "$new_files" >"$temporary"
put "$temporary" "$manifest"

report_strangers "$(strangers "$new_files
$old_files")"
if [ "$changes" = 0 ]; then echo "Everything is there already; nothing was changed."; fi
[ "$dry" = yes ] && exit 0
if [ "$sources_changed" = 0 ] && [ -f "$target/MQL5/Experts/$name/$name.ex5" ]; then exit 0; fi
cat <<NEXT

What to do next:
  1. In the terminal press F4 (MetaEditor), open Experts/$name/$name.mq5 and press F7 (Compile).
     Until then the terminal runs the version that was compiled last.
  2. In the terminal: Tools, Options, Expert Advisors, tick "Allow WebRequest for listed URL" and add
     the address of the host, such as 127.0.0.1. No program can do this for you.
  3. Drag $name from the Navigator onto one chart and fill in the inputs.
docs/mt5.md tells each step.
NEXT
