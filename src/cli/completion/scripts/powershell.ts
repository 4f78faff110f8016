/** Completion for PowerShell 5.1 and later. */
export const POWERSHELL = `# Completion of jwtctl for PowerShell. In $PROFILE: jwtctl completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName jwtctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { if ($null -ne $_.Value) { $_.Value } else { $_.Extent.Text } })
    $words += "$wordToComplete".Trim([char]39, [char]34)
    $given = ($words | ForEach-Object { "$_" + [char]0 }) -join ''
    $OutputEncoding = [System.Text.UTF8Encoding]::new($false)
    $lines = @($given | jwtctl completion powershell --candidates 2>$null)
    # Where nothing is returned PowerShell completes file names itself.
    $lines | Select-Object -Skip 1 | ForEach-Object {
        $value, $description = $_ -split [char]9, 2
        if (-not $description) { $description = $value }
        $text = $value
        if ($value -match '[^\\w./:=+-]') { $text = "'" + $value.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $description)
    }
}
`;
