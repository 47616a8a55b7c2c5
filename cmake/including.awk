# Closes a set of files over #include: prints those of ALL (one path a line) that are in CHANGED or
# include one that is, however indirectly.
#
#   awk -f including.awk part=changed CHANGED part=all ALL

part == "changed" { affected[$0] = 1; next }
{ is_file[$0] = 1; files[++count] = $0 }

# The path that an #include in `file` means, or nothing for a file that is not in ALL.
function resolve(file, path,    folder, i) {
    folder = file
    sub(/[^\/]*$/, "", folder)
    if ((folder path) in is_file) return folder path
    for (i = 1; i <= root_count; ++i)
        if ((roots[i] path) in is_file) return roots[i] path
    return ""
}

END {
    root_count = split("include/ src/ tests/ ./", roots)
    roots[root_count] = ""
    for (i = 1; i <= count; ++i) {
        file = files[i]
        while ((getline line < file) > 0) {
            if (line !~ /^[ \t]*#[ \t]*include[ \t]*[<"]/) continue
            split(line, parts, /[<">]/)
            included = resolve(file, parts[2])
            if (included != "") includers[included] = includers[included] "\n" file
        }
        close(file)
    }
    for (file in affected) queue[++tail] = file
    for (head = 1; head <= tail; ++head) {
        n = split(includers[queue[head]], next_files, "\n")
        for (i = 2; i <= n; ++i)
            if (!(next_files[i] in affected)) {
                affected[next_files[i]] = 1
                queue[++tail] = next_files[i]
            }
    }
    for (i = 1; i <= count; ++i)
        if (files[i] in affected) print files[i]
}
