# SPDX-License-Identifier: LGPL-2.1-or-later
# What privtmp audit says of a trace: of those that progs/trace writes, a row for each
# condition that a program seldom meets, and of those that no audited process writes.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# judged: what is found in the trace of standard input, "RULE SEVERITY CALL PATH: MESSAGE".
judged() {
	"$PROGS/trace" trace || return
	"$PRIVTMP" audit --read trace --format json >report.json || return
	sed -n 's/.*"type": "finding", "rule": "\([a-z-]*\)".*"severity": "\([a-z]*\)".*"path": "\([^"]*\)", "message": "\([^"]*\)".*"call": "\([^"]*\)".*/\1 \2 \5 \3: \4/p' \
		report.json | sort
}

@test "what was made is judged by who may do what with it, for each kind of file" {
	local row

	{
		echo "image 500 1 54321 /opt/maker"
		n=a
		for row in file,666 file,622 file,644 file,600 fifo,620 other,640 directory,777 \
			directory,1777 directory,722 directory,755 directory,700 socket,777 \
			socket,755 link,777 unknown,777; do
			echo "mkdir /tmp/made-$n after=$row"
			n=$(tr a-y b-z <<<"$n")
		done
		echo "open /tmp/failed a=O_CREAT|O_EXCL b=0666 error=EACCES after=file,666"
		echo "open /tmp/closed/made a=O_CREAT|O_EXCL place=closed after=file,666"
	} | judged >found
	run -0 sed -n 's/^loose-permissions \([a-z]*\) mkdir [^ ]*: it was made with mode \(.*\)/\2: \1/p' found
	sort <<<"$output" >got
	diff - got <<-'END'
		0620: others can write to it: medium
		0622: others can write to it: medium
		0640: others can read it: low
		0644: others can read it: low
		0666: others can write to it: medium
		0722: others can make and remove names in it: high
		0755: others can see what is in it: low
		0777: others can connect to it: medium
		0777: others can make and remove names in it: high
		1777: others can make names in it: medium
	END
	run ! grep -E 'loose-permissions.*(failed|closed)' found
}

@test "a mode is judged by what it gives to others, and only where it is changed" {
	judged >found <<-'END'
		image 500 1 54321 /opt/maker
		chmod /tmp/more b=0666 before=file,600
		chmod /tmp/same b=0666 before=file,666
		chmod /tmp/read b=0644 before=file,600
		chmod /tmp/dir b=0777 before=directory,700
		chmod /tmp/sticky b=01777 before=directory,700
		chmod /tmp/see b=0755 before=directory,700
		chmod /tmp/less b=0600 before=file,666
		chmod /tmp/failed b=0666 before=file,600 error=EACCES
		chmod /tmp/private/x b=0666 before=file,600 place=private
		chmod /tmp/none b=0666
	END
	run -0 grep loose-permissions found
	assert_output "loose-permissions high chmod /tmp/dir: its mode is changed to 0777: others can write to it
loose-permissions low chmod /tmp/read: its mode is changed to 0644: others can read it
loose-permissions low chmod /tmp/see: its mode is changed to 0755: others can read it
loose-permissions medium chmod /tmp/more: its mode is changed to 0666: others can write to it
loose-permissions medium chmod /tmp/sticky: its mode is changed to 1777: others can write to it"
}

# Each call that takes what a file holds for true, and the word for that.
BELIEVES='execve executed
dlopen loaded
connect connected to
open opened
fopen opened
shm_open opened
opendir listed
chdir entered
chroot entered
truncate changed
chmod changed
chown changed
utimes changed
setxattr changed'

@test "another user's file is told, by what was done with it, and so is that user's directory" {
	local call word flags

	{
		echo "image 500 1 54321 /opt/user"
		while read -r call word; do
			flags=$([[ $call != execve ]] || echo flags=exec\|begun)
			echo "$call /tmp/theirs.$call before=file,644,54322 $flags"
			echo "$call /tmp/roots.$call before=file,644,0 place=private $flags"
			echo "$call /tmp/dir/x.$call before=file,644 place=foreign $flags"
		done <<<"$BELIEVES"
		echo "open /tmp/link before=link,777,54322 a=O_NOFOLLOW"
		echo "stat /tmp/looked before=file,644,54322"
		echo "unlink /tmp/removed before=file,644,54322"
	} | judged >found
	run -0 grep foreign-object found
	assert_equal "$output" "$(while read -r call word; do
		echo "foreign-object high $call /tmp/dir/x.$call: it is in a directory that another user controls, and was $word"
		echo "foreign-object high $call /tmp/theirs.$call: it is another user's (54322), and was $word"
	done <<<"$BELIEVES" | sort)"
}

@test "what was there before is told, and what is missing, where any user can make it" {
	judged >found <<-'END'
		image 500 1 54321 /opt/user user /tmp/named
		open /tmp/there before=file
		execve /tmp/run before=file flags=exec|begun
		dlopen /tmp/lib.so
		open /tmp/missing error=ENOENT
		open /tmp/not-followed error=ENOENT a=O_NOFOLLOW
		opendir /tmp/missing-dir error=ENOENT
		open /tmp/named before=file
		dlopen /tmp/private/lib.so place=private
		# Made by this run: its own from then on.
		open /tmp/mine.lock a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file
		open /tmp/mine.lock before=file
		# Many names from one place, of which the trace has the first.
		open /tmp/many/first a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file flags=shape
		open /tmp/many/other before=file
		open /tmp/many/deep/er before=file
		# A look at what was opened, and no link on the way.
		open /tmp/careful a=O_NOFOLLOW before=file,600,54322
		fstat /tmp/careful before=file,600,54322
		open /tmp/careless a=O_NOFOLLOW before=file,600,54322
		stat /tmp/careless before=file,600,54322
		open /tmp/last a=O_NOFOLLOW before=file,600,54322
	END
	run -0 sed -n 's/^foreign-object //p' found
	assert_output "high dlopen /tmp/lib.so: it is looked for where any user can put it
high execve /tmp/run: it was there before, where any user could have made it, and was executed
high open /tmp/careless: it is another user's (54322), and was opened
high open /tmp/last: it is another user's (54322), and was opened
low open /tmp/missing: it is looked for where any user can put it
medium open /tmp/many/deep/er: it was there before, where any user could have made it, and was opened
medium open /tmp/there: it was there before, where any user could have made it, and was opened"
}

@test "a followed link is told by who made it, and not where it is the program's own" {
	judged >found <<-'END'
		image 500 1 54321 /opt/user user /tmp/named /tmp/named-other
		open /tmp/theirs before=link,777,54322
		open /tmp/theirs-failed before=link,777,54322 error=EACCES
		open /tmp/before before=link,777
		open /tmp/roots before=link,777,0
		open /tmp/no-follow before=link,777,54322 a=O_NOFOLLOW
		chown /tmp/named before=link,777
		chown /tmp/named-other before=link,777,54322
		fchownat /tmp/flag before=link,777,54322 a=nofollow
		lchown /tmp/itself before=link,777,54322
		creat /tmp/creat before=link,777,54322
		fopen /tmp/exclusive before=link,777,54322 a=O_CREAT|O_EXCL error=EEXIST
		symlink /tmp/own after=link,777
		open /tmp/own before=link,777
		lstat /tmp/looked before=link,777,54322
	END
	run -0 sed -n 's/^followed-link //p' found
	assert_output "high chown /tmp/named-other: there is a symbolic link, made by another user, and the call followed it
high creat /tmp/creat: there is a symbolic link, made by another user, and the call followed it
high open /tmp/theirs-failed: there is a symbolic link, made by another user, and the call would have followed it
high open /tmp/theirs: there is a symbolic link, made by another user, and the call followed it
medium open /tmp/before: there is a symbolic link, made by this user before, and the call followed it
medium open /tmp/roots: there is a symbolic link, made by root, and the call followed it"
}

# Each call that uses a name, and the word for that.
USES='open opened
fopen opened
creat opened
shm_open opened
mkdir made
mkfifo made
symlink made
bind made
link linked
rename renamed
unlink removed
chmod given another mode
chown given another owner
truncate cut
utimes given other times
setxattr given another attribute
opendir listed
chdir entered
chroot made the root directory
mount mounted
execve executed
dlopen loaded
connect connected to'

@test "a use after a look is told for each call, and a look at what is open is none" {
	local call word flags

	{
		echo "image 500 1 54321 /opt/racer"
		while read -r call word; do
			flags=$([[ $call != execve ]] || echo flags=exec\|begun)
			echo "access /tmp/$call/used before=file"
			echo "$call /tmp/$call/used before=file $flags"
			echo "fstat /tmp/$call/open before=file"
			echo "$call /tmp/$call/open before=file $flags"
		done <<<"$USES"
		echo "access /tmp/fchmod/used before=file"
		echo "fchmod /tmp/fchmod/used before=file"
		echo "access /tmp/once before=file"
		echo "open /tmp/once a=O_CREAT|O_EXCL b=0600"
		echo "access /tmp/random.xK3dQ9aW before=file"
		echo "mkdir /tmp/random.xK3dQ9aW"
	} | judged >found
	run -0 sed -n 's/^check-then-use [a-z]* //p' found
	assert_equal "$(sort <<<"$output")" "$(while read -r call word; do
		echo "$call /tmp/$call/used: access looks at the name, and then it is $word by that name"
	done <<<"$USES" | sort)"
	# What fails where the name exists is less.
	run -0 grep -c 'check-then-use low' found
	assert_output 5
}

@test "both names of a rename or a link count, and what it makes is the program's own" {
	judged >found <<-'END'
		image 500 1 54321 /opt/mover
		access /tmp/from before=file
		access /tmp/to before=file
		rename /tmp/from /tmp/to before=file other_before=file
		open /tmp/to before=file
		open /tmp/made a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file
		link /tmp/made /tmp/second before=file
		open /tmp/second before=file
		rename /tmp/made /tmp/failed error=EACCES before=file
		open /tmp/failed before=file
		rename /tmp/home/x /tmp/home/y place=private other_place=private before=file
	END
	run -0 sed -n 's/^\(check-then-use\|foreign-object\|predictable-name\) [a-z]* //p' found
	assert_output "rename /tmp/from: access looks at the name, and then it is renamed by that name
rename /tmp/to: access looks at the name, and then it is renamed by that name
open /tmp/failed: it was there before, where any user could have made it, and was opened
link /tmp/second: other users can know the name beforehand: it is the same in each run
open /tmp/made: other users can know the name beforehand: it is the same in each run
rename /tmp/failed: other users can know the name beforehand: it is the same in each run
rename /tmp/to: other users can know the name beforehand: it is the same in each run"
}

@test "what an interpreter, or a program for errands, looks at by itself is no check" {
	local program look use

	while read -r program look use; do
		judged >found <<-END
			image 500 1 54321 $program
			$look /tmp/name before=file
			$use /tmp/name before=file
		END
		[[ $program == *-careless ]] || run ! grep check-then-use found
		[[ $program != *-careless ]] || grep -q check-then-use found
	done <<-'END'
		/usr/bin/perl5.36 lstat unlink
		/usr/bin/php8 lstat open
		/usr/bin/php8 lstat fopen
		/bin/rm stat unlink
		/usr/bin/gnurm stat unlink
		/bin/mv access open
		/opt/perl-careless lstat open
		/opt/php-careless lstat unlink
		/opt/other-careless lstat unlink
	END
	# Between the two there is another name.
	judged >found <<-'END'
		image 500 1 54321 /usr/bin/perl
		lstat /tmp/name before=file
		lstat /tmp/other before=file
		unlink /tmp/name before=file
		image 501 1 54321 /usr/bin/mktemp
		lstat /tmp/tmp.free
		lstat /tmp/tmp.taken before=file
	END
	grep -q '^check-then-use .* /tmp/name:' found
	run -0 sed -n 's/^insecure-name-api //p' found
	assert_output "medium lstat /tmp/tmp.free: mktemp -u gave a name that was free a moment ago"
}

@test "a directory that was there is told where it is used without a look at its owner" {
	judged >found <<-'END'
		image 500 1 54321 /opt/goes-on
		mkdir /tmp/used error=EEXIST before=directory
		open /tmp/used/file a=O_CREAT|O_EXCL|O_WRONLY b=0600 place=foreign
		mkdir /tmp/looked error=EEXIST before=directory
		lstat /tmp/looked before=directory
		open /tmp/looked/file a=O_CREAT|O_EXCL|O_WRONLY b=0600 place=private
		mkdir /tmp/followed error=EEXIST before=directory
		stat /tmp/followed before=directory
		chdir /tmp/followed before=directory
		mkdir /tmp/again error=EEXIST before=directory
		mkdir /tmp/again error=EEXIST before=directory
		mkdir /tmp/removed error=EEXIST before=directory
		rmdir /tmp/removed before=directory
		mkdir /tmp/ours b=0700 after=directory,700
		mkdir /tmp/ours error=EEXIST before=directory,700
		open /tmp/ours/file a=O_CREAT|O_EXCL|O_WRONLY b=0600 place=private
	END
	run -0 sed -n 's/^missing-exclusive high //p' found
	assert_output "mkdir /tmp/followed: the directory was there, and is used without a look at its owner
mkdir /tmp/used: the directory was there, and is used without a look at its owner"
}

@test "a file that is made without O_EXCL is told, but not where the run has made it" {
	judged >found <<-'END'
		image 500 1 54321 /opt/maker
		open /tmp/plain a=O_CREAT|O_WRONLY b=0600 after=file
		open /tmp/plain a=O_CREAT|O_WRONLY b=0600 before=file
		open /tmp/alone a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file
		open /tmp/alone a=O_CREAT|O_WRONLY b=0600 before=file
		unlink /tmp/alone before=file
		open /tmp/alone a=O_CREAT|O_WRONLY b=0600 after=file
		open /tmp/no-mode a=O_CREAT|O_WRONLY b=0xffffff after=file
		open /tmp/xK3dQ9aW a=O_CREAT|O_WRONLY b=0600 after=file
		open /tmp/own/x a=O_CREAT|O_WRONLY b=0600 after=file place=private
		fopen /tmp/stream a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file
	END
	run -0 sed -n 's/^missing-exclusive \([a-z]*\) \([^:]*\): .*: \(.*\)/\1 \2: \3/p' found
	assert_output "high open /tmp/alone: what another user has put there is opened
high open /tmp/no-mode: the file gets what happens to be there
high open /tmp/plain: what another user has put there is opened
medium open /tmp/xK3dQ9aW: what another user has put there is opened"
	grep -q '"count": 2' <<<"$(grep '"/tmp/plain"' report.json)"
}

@test "a template of too few X is told, and a function that gives a name alone" {
	judged >found <<-'END'
		image 500 1 54321 /opt/maker
		mkstemp /tmp/few.abc a=3 b=0600 flags=template after=file
		mkstemp /tmp/enough.abcdef a=6 b=0600 flags=template after=file
		mkdtemp /tmp/dir.abcdef a=6 flags=template after=directory,700
		mktemp /tmp/name.abcdef a=6 flags=template
		tmpnam /tmp/fileabcdef
	END
	run -0 sed -n 's/^insecure-name-api //p' found
	assert_output "medium mkstemp /tmp/few.abc: the template of mkstemp has 3 X, and six is the least
medium mktemp /tmp/name.abcdef: mktemp gave a name that was free a moment ago
medium tmpnam /tmp/fileabcdef: tmpnam gave a name that was free a moment ago"
}

@test "a name that another program is told is named, unless that makes it, or it was given" {
	judged >found <<-'END'
		image 500 1 54321 /opt/teller teller --out=/tmp/given
		execve /usr/bin/other flags=exec|begun place=elsewhere before=file
		system /tmp/argument flags=told
		system /tmp/variable flags=variable
		system /tmp/given flags=told
		system /tmp/templ.XXXXXX flags=told
		system /tmp/private/x flags=told place=private
		open /tmp/own a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file
		system /tmp/own flags=told
		execve /bin/rm flags=exec|begun place=elsewhere before=file
		system /tmp/errand flags=told
	END
	run -0 sed -n 's/^outside-knowledge [a-z]* //p' found
	assert_output "system /tmp/argument: its name is told to another program, as an argument
system /tmp/variable: its name is told to another program, in the environment"
}

@test "a name is as weak as what it is made from" {
	local moment date site name

	# The moment of the trace's first image.
	moment=1790000000
	date=$(date -u -d @$moment +%Y%m%d)
	cat >program <<-'END'
		"/tmp/constant-%s" "cc" "job" "LOCK-2.0" "under_line"
	END
	{
		echo "image 4711 4690 0 $PWD/program program -x /var/given-word"
		echo "module 1000 ffff /opt/module"
		site=0x1001
		# Each from a place of its own.
		while read -r name; do
			echo "open /tmp/$name a=O_CREAT|O_EXCL|O_WRONLY b=0666 after=file,600 site=$((site++))"
		done
	} <<-END | judged >found
		constant-$moment
		constant-$date
		constant-${date:2}
		constant-${moment}123
		constant-4711
		job4711
		constant-4690
		constant-42
		job43
		constant-root
		xroot.x
		program.lck
		program-x
		LOCK-2.0
		given-word
		short
		a1b
		constant-xK3dQ9
		ccXk3dQ9
		constant-12345678
		constant-zzzzzzzz
		constant-wordlike
		a_b_xK3dQ9
		a_bb_cc
		under_line
		_
	END
	run -0 sed -n 's/^predictable-name low open .tmp.\([^:]*\): .*beforehand: \(it is \)*\(.*\)/\1 \3/p' found
	sort <<<"$output" >got
	sort >wanted <<-END
		constant-$moment made from the time
		constant-$date made from the time
		constant-${date:2} made from the time
		constant-${moment}123 made from the time
		constant-4711 made from the process's number
		job4711 made from the process's number
		constant-4690 made from the process's number
		constant-42 made from a number that can be guessed
		job43 made from a number that can be guessed
		constant-root made from the user
		xroot.x made from the user
		program.lck the program's name, the same in each run
		program-x the program's name, the same in each run
		LOCK-2.0 the same in each run
		given-word the same in each run
		short the same in each run
		a1b made from a number that can be guessed
		constant-wordlike the same in each run
		a_bb_cc the same in each run
		under_line the same in each run
		_ the same in each run
	END
	diff wanted got
}

@test "a call is shown as C has it, with the flags that have a name" {
	judged >found <<-'END'
		image 500 1 54321 /opt/caller
		open /tmp/a a=O_CREAT|O_TRUNC|O_RDWR|O_APPEND|O_CLOEXEC|O_NONBLOCK|O_NOCTTY b=0640 after=file
		open /tmp/b a=3 before=file,600,54322
		open /tmp/c a=0x40000000 before=file,600,54322
		open /tmp/d a=O_PATH|O_NOFOLLOW|O_DIRECTORY before=file,600,54322
		fopen /tmp/e a=O_RDWR|O_CREAT|O_TRUNC before=file
		fopen /tmp/f a=O_WRONLY|O_CREAT|O_APPEND before=file
		fopen /tmp/g before=file,600,54322
		fopen /tmp/h a=O_RDWR before=file,600,54322
		chown /tmp/i a=7 b=0xffffffff before=file,600,54322
		chmod /tmp/j b=04755 before=file,600,54322
		rename /tmp/k /tmp/l before=file
	END
	run -0 sed -n 's/.*"call": "\([a-z]*\)", "args": "\(.*\)", "pid".*/\1 \2/p' report.json
	sort -u <<<"${output//\\\"/\"}" >got
	diff - got <<-'END'
		chmod "/tmp/j", 04755
		chown "/tmp/i", 7, -1
		fopen "/tmp/e", "w+"
		fopen "/tmp/f", "a"
		fopen "/tmp/g", "r"
		fopen "/tmp/h", "r+"
		open "/tmp/a", O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_CLOEXEC|O_NONBLOCK|O_NOCTTY, 0640
		open "/tmp/b", 3
		open "/tmp/c", O_RDONLY|010000000000
		open "/tmp/d", O_RDONLY|O_NOFOLLOW|O_DIRECTORY|O_PATH
		rename "/tmp/k", "/tmp/l"
	END
}

@test "a call's place is that of its process's code, of its script, or of the script that ran it" {
	judged >found <<-'END'
		image 500 1 54321 /bin/sh /bin/sh -e /opt/script a b
		execve /opt/child flags=exec|begun place=elsewhere line=7
		open /tmp/of-script before=file,600,54322 line=9
		image 500 1 54321 /opt/child
		module 1000 3000 /opt/child 2
		module 3000 4000 /opt/library
		open /tmp/of-child before=file,600,54322 site=0x2001
		open /tmp/of-library before=file,600,54322 site=0x3001
		open /tmp/of-nowhere before=file,600,54322 site=0x9000
		image 501 500 54321 /usr/bin/python3.11 python3 -c print()
		open /tmp/no-script before=file,600,54322 line=3
		image 502 500 54321 /usr/bin/perl perl -- /opt/x
		open /tmp/no-script-either before=file,600,54322
		image 503 500 54321 /bin/dash dash
		open /tmp/no-command before=file,600,54322
		image 504 500 54321 /bin/bash bash -ec :
		open /tmp/no-script-at-all before=file,600,54322
	END
	run -0 sed -n 's/.*"path": ".tmp.\([^"]*\)".*"args": "[^,]*, O_RDONLY", \("site": {\([^}]*\)}\)*.*/\1 \3/p' report.json
	sort <<<"$output" >got
	diff - got <<-'END'
		no-command 
		no-script 
		no-script-at-all 
		no-script-either 
		of-child "module": "/opt/child", "build_id": "abcd", "offset": 4096, "script": "/opt/script", "script_line": 7
		of-library "module": "/opt/library", "offset": 0, "script": "/opt/script", "script_line": 7
		of-nowhere "script": "/opt/script", "script_line": 7
		of-script "script": "/opt/script", "script_line": 9
	END
}

@test "of a trace that leads out of itself, what can be read is judged" {
	judged >found <<-'END'
		image 500 1 54321 @4194304 @1
		open /tmp/known before=file,600,54322
		open @4194000 before=file,600,54322
		open @8 before=file,600,54322
		open ~ before=file,600,54322
		open - before=file,600,54322
		open /tmp/no-image image=9 before=file,600,54322
		open /tmp/no-images image=99999 before=file,600,54322
		open /tmp/no-call call=99999 before=file,600,54322
		open /tmp/not-ready ready=0 before=file,600,54322
		open /tmp/bad-pointer error=EFAULT before=file,600,54322
		execve /tmp/not-run error=ENOENT flags=exec before=file,600,54322
		module 1 ffff /opt/module 4000
		header images 4294967295
		header modules 4294967295
		header records 4294967295
	END
	run -0 cut -d ' ' -f 1-4 found
	assert_output "foreign-object high open /tmp/known:"
}

@test "a file that is none of this version's traces is refused" {
	local header

	for header in 'version 2' 'size 1'; do
		echo "header $header" | "$PROGS/trace" trace
		[[ $header != size* ]] || truncate -s 4096 trace
		run -125 "$PRIVTMP" audit --read trace
		assert_output --partial "trace: is no trace of this version of privtmp"
	done
	run -125 "$PRIVTMP" audit --read .
	assert_output --partial "is no trace of this version"
	run -125 "$PRIVTMP" audit --read nowhere
	assert_output --partial "nowhere: cannot be read: No such file or directory"
}

@test "what is left is told with its size, once for a directory and what is in it" {
	local left=/tmp/privtmp-judge-$$

	mkdir -p "$left/deep/er"
	head -c 1000 /dev/zero | tee "$left/file" "$left/deep/file" "$left/deep/er/file" >"$left-file"
	ln -s nowhere "$left-link"
	run judged <<-END
		image 500 1 54321 /opt/maker maker $left-asked
		mkdir $left after=directory,700
		open $left/file a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file place=private
		open $left-file a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file
		symlink nowhere $left-link
		symlink $left-link after=link,777
		open $left-shape a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file flags=shape
		open $left-gone a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file
		unlink $left-gone before=file
		open $left-asked a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file
		open $left-vanished a=O_CREAT|O_EXCL|O_WRONLY b=0600 after=file
	END
	rm -rf "$left" "$left"-*
	assert_success
	run -0 sed -n 's/.*"leftover".*"path": "\([^"]*\)".*"count": 1\(, "size": \([0-9]*\)\)*.*/\1 \3/p' report.json
	assert_equal "$(sort <<<"$output")" "$(printf '%s\n' "$left 3000" "$left-file 1000" "$left-link " | sort)"
}

@test "a page of very many processes, names and events is cut, and says so" {
	# A chain that is deep, and more of each than is shown.
	awk 'BEGIN {
		for (pid = 100; pid < 140; pid++)
			print "image", pid, pid - 1, 54321, "/opt/chain chain-" pid
		print "image 140 140 54321 /opt/own-parent"
		for (pid = 1000; pid < 3200; pid++)
			print "image", pid, 1, 54321, "/opt/many"
		for (n = 0; n < 400; n++)
			printf "open /tmp/x%c%c before=file\n", 97 + int(n / 20), 97 + n % 20
		for (n = 0; n < 5000; n++)
			print "open /tmp/often before=file image=" n % 50 + 50
	}' | "$PROGS/trace" trace
	"$PRIVTMP" audit --read trace --format html >page.html
	grep -q 'chain-139' page.html
	grep -qF '1000 more are left out.' page.html
	run -0 grep -cF 'names are left out.' page.html
	assert_output 1
	run -0 grep -c '<li>.*/opt/many' page.html
	((output > 900))
	"$PRIVTMP" audit --read trace --format json >report.json
	run -0 grep -c '"type": "event"' report.json
	assert_output 5000
	run -0 grep -c '"type": "process"' report.json
	assert_output 2000
}
