<#
.SYNOPSIS
Copies the Expert Advisor's sources into the data folder of a MetaTrader 5 terminal.
.DESCRIPTION
Works with Windows PowerShell 5.1 and PowerShell 7, needs no administrator, and can be run again at any time:
  powershell -ExecutionPolicy Bypass -File install.ps1
.PARAMETER DataFolder
The terminal's data folder (in the terminal: File, Open Data Folder). Without it the usual places are searched.
.PARAMETER List
Show the data folders found, or the one named, and which version is installed.
.PARAMETER DryRun
Say what would be done, and change nothing.
.PARAMETER Uninstall
Remove what was installed.
#>
[CmdletBinding()]
param(
    [string]$DataFolder = '',
    [switch]$List,
    [switch]$DryRun,
    [switch]$Uninstall
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$name = 'CSMultiConnector'
$sourceRoot = Split-Path -Parent $PSScriptRoot
$parts = @("Experts\$name", "Include\$name")
# What this script has put into a data folder, one path a line. Files that are not named there are none of its business.
$manifest = "MQL5\Experts\$name\installed-files.txt"
$compiled = "MQL5\Experts\$name\$name.ex5"
$script:changes = 0

function Stop-Install([string]$Message) {
    [Console]::Error.WriteLine("install.ps1: $Message")
    exit 1
}

# --- the sources

function Get-Version([string]$Root) {
    $file = Join-Path $Root "Include\$name\Context.mqh"
    if (-not (Test-Path -LiteralPath $file -PathType Leaf)) { return '' }
    $found = Select-String -LiteralPath $file -Pattern '^#define CSMC_VERSION "([^"]*)"' | Select-Object -First 1
    if ($null -eq $found) { return '' }
    return $found.Matches[0].Groups[1].Value
}

function Get-Sources {
    $paths = @()
    foreach ($part in $parts) {
        $folder = Join-Path $sourceRoot $part
        if (-not (Test-Path -LiteralPath $folder -PathType Container)) { continue }
        foreach ($file in @(Get-ChildItem -LiteralPath $folder -File | Where-Object { $_.Extension -eq '.mq5' -or $_.Extension -eq '.mqh' })) {
            $paths += "MQL5\$part\$($file.Name)"
        }
    }
    return @($paths | Sort-Object)
}

# --- data folders

function Test-DataFolder([string]$Folder) {
    if (-not (Test-Path -LiteralPath (Join-Path $Folder 'MQL5') -PathType Container)) { return $false }
    foreach ($mark in @('origin.txt', 'terminal64.exe', 'terminal.exe', 'config\common.ini')) {
        if (Test-Path -LiteralPath (Join-Path $Folder $mark) -PathType Leaf) { return $true }
    }
    return $false
}

# The program folder that a data folder belongs to. The file begins with the mark of its encoding.
function Get-Origin([string]$Folder) {
    $file = Join-Path $Folder 'origin.txt'
    if (-not (Test-Path -LiteralPath $file -PathType Leaf)) { return '' }
    return ([System.IO.File]::ReadAllText($file)).Trim()
}

# A program folder counts only when no data folder names it as its origin: then it holds its own data.
function Get-DataFolders {
    $found = @()
    $origins = @()
    $roaming = ''
    if ($env:APPDATA) { $roaming = Join-Path $env:APPDATA 'MetaQuotes\Terminal' }
    if ($roaming -and (Test-Path -LiteralPath $roaming -PathType Container)) {
        foreach ($folder in @(Get-ChildItem -LiteralPath $roaming -Directory)) {
            if ($folder.Name -notmatch '^[0-9A-Fa-f]{32}$') { continue }
            if (-not (Test-DataFolder $folder.FullName)) { continue }
            $found += $folder.FullName
            $origins += Get-Origin $folder.FullName
        }
    }
    $drive = ''
    if ($env:SystemDrive) { $drive = $env:SystemDrive + '\' }
    foreach ($root in @($env:ProgramFiles, ${env:ProgramFiles(x86)}, $drive)) {
        if (-not $root) { continue }
        if (-not (Test-Path -LiteralPath $root -PathType Container)) { continue }
        foreach ($folder in @(Get-ChildItem -LiteralPath $root -Directory -ErrorAction SilentlyContinue)) {
            $isProgram = (Test-Path -LiteralPath (Join-Path $folder.FullName 'terminal64.exe') -PathType Leaf) -or
                (Test-Path -LiteralPath (Join-Path $folder.FullName 'terminal.exe') -PathType Leaf)
            if ($isProgram -and (Test-DataFolder $folder.FullName) -and ($origins -notcontains $folder.FullName)) { $found += $folder.FullName }
        }
    }
    return @($found | Sort-Object -Unique)
}

function Write-Folder([string]$Folder) {
    $origin = Get-Origin $Folder
    $installed = Get-Version (Join-Path $Folder 'MQL5')
    Write-Output "  $Folder"
    if ($origin) { Write-Output "      terminal: $origin" }
    if ($installed) { Write-Output "      $name $installed is installed" } else { Write-Output "      $name is not installed" }
}

function Stop-NoneFound {
    Stop-Install ("no data folder of a MetaTrader 5 terminal was found.`n" +
        "Start the terminal once, choose File, Open Data Folder in it, and name that folder:`n" +
        "  install.ps1 -DataFolder `"FOLDER`"")
}

# --- what is done

function Write-Change([string]$Verb, [string]$Path) {
    $script:changes++
    if ($DryRun) { Write-Output "  would $Verb $Path" } else { Write-Output "  $Verb $Path" }
}

function Remove-Installed([string]$Path) {
    $file = Join-Path $target $Path
    if (-not (Test-Path -LiteralPath $file -PathType Leaf)) { return }
    Write-Change 'remove' $Path
    if ($DryRun) { return }
    try { Remove-Item -LiteralPath $file -Force }
    catch { Stop-Install "`"$file`" cannot be removed: $($_.Exception.Message)" }
}

# A path of the manifest counts only when it is one that this script could have written.
function Test-Ours([string]$Path) {
    return ($Path -match ('^MQL5\\Experts\\' + $name + '\\[^\\/:]+\.mq5$')) -or ($Path -match ('^MQL5\\Include\\' + $name + '\\[^\\/:]+\.mqh$'))
}

function Get-InstalledFiles {
    $file = Join-Path $target $manifest
    $lines = @(Get-Sources)
    if (Test-Path -LiteralPath $file -PathType Leaf) { $lines = @([System.IO.File]::ReadAllLines($file) | ForEach-Object { $_.Replace('/', '\') }) }
    return @($lines | Where-Object { Test-Ours $_ })
}

function Test-SameContent([string]$One, [string]$Other) {
    $a = [System.IO.File]::ReadAllBytes($One)
    $b = [System.IO.File]::ReadAllBytes($Other)
    return [System.Convert]::ToBase64String($a) -ceq [System.Convert]::ToBase64String($b)
}

# Written beside the target first, so that a full disk leaves the old file whole.
function Copy-Installed([string]$From, [string]$Path) {
    $to = Join-Path $target $Path
    $verb = 'copy'
    if (Test-Path -LiteralPath $to -PathType Container) { Stop-Install "`"$to`" is a folder, where a file has to be." }
    if (Test-Path -LiteralPath $to -PathType Leaf) {
        if (Test-SameContent $From $to) { return }
        $verb = 'replace'
    }
    Write-Change $verb $Path
    if ($DryRun) { return }
    try {
        $folder = Split-Path -Parent $to
        if (-not (Test-Path -LiteralPath $folder -PathType Container)) { [void](New-Item -ItemType Directory -Path $folder -Force) }
        Copy-Item -LiteralPath $From -Destination "$to.new" -Force
        Move-Item -LiteralPath "$to.new" -Destination $to -Force
    }
    catch { Stop-Install "`"$to`" cannot be written: $($_.Exception.Message)" }
}

function Write-Strangers([string[]]$Known) {
    $strangers = @()
    foreach ($part in $parts) {
        $folder = Join-Path $target "MQL5\$part"
        if (-not (Test-Path -LiteralPath $folder -PathType Container)) { continue }
        foreach ($file in @(Get-ChildItem -LiteralPath $folder -File -Recurse)) {
            $path = $file.FullName.Substring($target.Length).TrimStart('\', '/').Replace('/', '\')
            if ($path -eq $manifest -or $path -eq $compiled -or $Known -contains $path) { continue }
            $strangers += $path
        }
    }
    if ($strangers.Count -eq 0) { return }
    Write-Output 'Left alone, since it did not come from here:'
    foreach ($path in @($strangers | Sort-Object)) { Write-Output "  $path" }
}

# --- the run

$version = Get-Version $sourceRoot
if (-not $version) { Stop-Install "the sources are not complete: $sourceRoot\Include\$name\Context.mqh is missing or names no version." }

$found = @()
if ($DataFolder) {
    if (-not (Test-Path -LiteralPath $DataFolder -PathType Container)) { Stop-Install "there is no folder `"$DataFolder`"." }
    $target = (Get-Item -LiteralPath $DataFolder -Force).FullName.TrimEnd('\', '/')
    # The folder MQL5 itself means the folder that holds it.
    if ((Split-Path -Leaf $target) -eq 'MQL5') {
        $parent = Split-Path -Parent $target
        if ($parent -and (Test-DataFolder $parent)) { $target = $parent }
    }
    $isOld = (Test-Path -LiteralPath (Join-Path $target 'MQL4') -PathType Container) -and -not (Test-Path -LiteralPath (Join-Path $target 'MQL5') -PathType Container)
    if ($isOld) { Stop-Install "`"$target`" belongs to MetaTrader 4; the Expert Advisor needs MetaTrader 5." }
    if (-not (Test-DataFolder $target)) {
        Stop-Install "`"$target`" is no data folder of a MetaTrader 5 terminal: it has no folder MQL5, or neither origin.txt, terminal64.exe nor config\common.ini beside it."
    }
    $found = @($target)
}
else {
    $found = @(Get-DataFolders)
    if ($found.Count -eq 0) { Stop-NoneFound }
}

if ($List) {
    Write-Output 'Data folders:'
    foreach ($folder in $found) { Write-Folder $folder }
    exit 0
}
if ($found.Count -gt 1) {
    [Console]::Error.WriteLine('install.ps1: several data folders were found. Name one with -DataFolder:')
    foreach ($folder in $found) { foreach ($line in @(Write-Folder $folder)) { [Console]::Error.WriteLine($line) } }
    exit 1
}
$target = $found[0]

if ($Uninstall) {
    Write-Output "Removing $name from $target"
    foreach ($path in @(Get-InstalledFiles)) { Remove-Installed $path }
    Remove-Installed $compiled
    Remove-Installed $manifest
    if (-not $DryRun) {
        foreach ($part in $parts) {
            $folder = Join-Path $target "MQL5\$part"
            if ((Test-Path -LiteralPath $folder -PathType Container) -and @(Get-ChildItem -LiteralPath $folder -Force).Count -eq 0) { Remove-Item -LiteralPath $folder }
        }
        Write-Strangers @()
    }
    if ($script:changes -eq 0) { Write-Output 'Nothing of it is there.' }
    elseif (-not $DryRun) {
        Write-Output 'Done. Take the Expert Advisor off its charts if it still runs there.'
        Write-Output "Its log files stay in MQL5\Files\$name, and an address that you allowed stays in the terminal's options."
    }
    exit 0
}

$before = Get-Version (Join-Path $target 'MQL5')
if (-not $before) { Write-Output "Installing $name $version into $target" }
elseif ($before -eq $version) { Write-Output "Bringing $name $version up to date in $target" }
else { Write-Output "Replacing $name $before by $version in $target" }

$newFiles = @(Get-Sources)
$oldFiles = @()
if (Test-Path -LiteralPath (Join-Path $target $manifest) -PathType Leaf) { $oldFiles = @(Get-InstalledFiles) }

foreach ($path in $newFiles) { Copy-Installed (Join-Path $sourceRoot $path.Substring(5)) $path }
foreach ($path in $oldFiles) { if ($newFiles -notcontains $path) { Remove-Installed $path } }
$sourcesChanged = $script:changes -gt 0

# Last: what an interrupted run left behind is put right by the next one.
$temporary = [System.IO.Path]::GetTempFileName()
try {
    [System.IO.File]::WriteAllLines($temporary, [string[]]$newFiles)
    Copy-Installed $temporary $manifest
}
finally { Remove-Item -LiteralPath $temporary -Force }

Write-Strangers @($newFiles + $oldFiles)
if ($script:changes -eq 0) { Write-Output 'Everything is there already; nothing was changed.' }
if ($DryRun) { exit 0 }
if (-not $sourcesChanged -and (Test-Path -LiteralPath (Join-Path $target $compiled) -PathType Leaf)) { exit 0 }
Write-Output ''
Write-Output 'What to do next:'
Write-Output "  1. In the terminal press F4 (MetaEditor), open Experts\$name\$name.mq5 and press F7 (Compile)."
Write-Output '     Until then the terminal runs the version that was compiled last.'
Write-Output '  2. In the terminal: Tools, Options, Expert Advisors, tick "Allow WebRequest for listed URL" and add'
Write-Output '     the address of the host, such as 127.0.0.1. No program can do this for you.'
Write-Output "  3. Drag $name from the Navigator onto one chart and fill in the inputs."
Write-Output 'docs/mt5.md tells each step.'
exit 0
