@echo off
rem The command line of the installed app: runs in the app's own runtime, so that no Node is needed.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\..\TazPod Desktop.exe" "%~dp0..\app.asar\out\main\cli.js" %*
