# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2016 # other languages in quotes
# Lua, Tcl, Ruby and awk: os.tmpname, io.tmpfile, file tempfile, Tempfile, Dir.mktmpdir.
set -eu

lua5.4 - << 'END'
local n = os.tmpname()
print((n:gsub("%w%w%w%w%w%w$", "RANDOM")))
local f = assert(io.open(n, "w"))
f:write("lua\n")
f:close()
print(io.open(n):read("a"))
print(os.rename(n, "/tmp/renamed"))
print(select("#", io.open(n)), io.open("/tmp/absent"))
local t = io.tmpfile()
t:write("nameless")
t:seek("set")
print(t:read("a"))
print(os.execute("cat /tmp/renamed"))
print(os.remove("/tmp/renamed"))
print(os.remove("/tmp/renamed"))
local p = io.popen("cd /tmp && pwd")
print(p:read("a"), p:close())
END

tclsh << 'END'
set f [file tempfile name]
puts [regsub {\w{6}$} $name RANDOM]
puts $f tcl
close $f
puts [file exists $name]
puts [file size $name]
cd /tmp
puts [pwd]
file mkdir /tmp/a/b
file copy $name a/b/copy
puts [lsort [glob -directory /tmp/a/b *]]
file link -symbolic /tmp/ln /tmp/a
puts [file readlink /tmp/ln]
puts [file normalize /tmp/ln/b]
puts [file type ln]
puts [file attributes /tmp/a -permissions]
puts [exec cat $name]
puts [catch {open /tmp/absent} msg]
puts $msg
file rename $name a/moved
puts [lsort [glob a/*]]
file delete -force /tmp/a /tmp/ln
puts [glob -nocomplain /tmp/*]
END

ruby -rtempfile -rtmpdir -rfileutils -rsocket -rpathname - << 'END'
$stdout.sync = true
f = Tempfile.new(["pre", ".txt"])
puts f.path.sub(/pre.*\.txt/, "preRANDOM.txt")
f.write("ruby")
f.flush
puts File.read(f.path), File.stat(f.path).mode.to_s(8)
f.close!
puts f.path.inspect
Tempfile.create { |t| puts File.exist?(t.path) }
Dir.mktmpdir do |d|
  puts d.sub(/d\d.*/, "RANDOM")
  Dir.chdir(d) do
    puts Dir.pwd == d
    File.write("x", "y")
    File.symlink("#{d}/x", "l")
    puts File.readlink("l") == "#{d}/x", File.realpath("l") == "#{d}/x"
  end
  puts Dir.children(d).sort.inspect, Dir["#{d}/*"].size, Pathname.new(d).children.size
  FileUtils.cp_r(d, "/tmp/copy")
  FileUtils.mv("/tmp/copy", "/var/tmp/copy")
  puts Dir.glob("/var/tmp/*").inspect
  FileUtils.rm_rf("/var/tmp/copy")
end
puts Dir.children("/tmp").inspect, Dir.tmpdir
UNIXServer.open("/tmp/rb.sock") do |s|
  c = UNIXSocket.new("/tmp/rb.sock")
  a = s.accept
  a.puts "hi"
  puts c.gets, c.peeraddr.inspect, s.path
end
File.unlink("/tmp/rb.sock")
puts `cd /tmp; pwd`
begin
  File.open("/tmp/none")
rescue => e
  puts e.message
end
END

gawk 'BEGIN {
	f = "/tmp/awk"
	print "b" > f
	print "a" > f
	close(f)
	while ((getline line < f) > 0)
		print line
	"sort " f | getline first
	print first
	print (getline line < "/tmp/none")
	system("rm " f)
}'
echo 'function f() { return "included" }' > /tmp/inc.awk
gawk -i /tmp/inc.awk 'BEGIN { print f() }'
AWKPATH=/tmp gawk -f inc.awk -e 'BEGIN { print f() }'
gawk -i inplace '{ print toupper($0) }' /tmp/inc.awk
cat /tmp/inc.awk
mawk 'BEGIN {
	while ((getline line < "/tmp/inc.awk") > 0)
		print line > "/tmp/out"
	close("/tmp/out")
	while ((getline line < "/tmp/out") > 0)
		print line
}'
sed -i 's/FUNCTION/in place/' /tmp/out
sed 'w /tmp/w
r /tmp/out' /tmp/out
cat /tmp/w
rm /tmp/*
ls -A /tmp /var/tmp
