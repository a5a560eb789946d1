/* The demo's own rules. They know a handful of things and stand in for a real scanner, never replace one. */

rule Eicar_Test_File
{
    strings:
        $head = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-"
        $tail = "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    condition:
        for any i in (1 .. #head) : ($tail at @head[i] + !head[i])
}

rule Windows_Program
{
    condition:
        uint16(0) == 0x5A4D and uint32(uint32(0x3C)) == 0x00004550
}

rule Linux_Program
{
    condition:
        uint32(0) == 0x464C457F
}

rule Pdf_Runs_Something
{
    strings:
        $script = /\/(JavaScript|JS)[\s(<\/]/
        $launch = /\/Launch[\s\/<>]/
    condition:
        uint32(0) == 0x46445025 and any of them
}

rule Office_Macros
{
    strings:
        $project = "vbaProject.bin" nocase
    condition:
        uint32(0) == 0x04034B50 and $project
}
