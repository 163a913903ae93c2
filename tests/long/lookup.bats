# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs that come to libc's functions by other ways than symbols: extensions that are
# bound deeply, foreign function interfaces. What they make is in the shared directory
# without the shim, and not with it.

load ../common

setup() {
	NAME=privtmp-ways-$$-$RANDOM
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	rm -rf /tmp/"$NAME"*
}

need() {
	local program

	for program; do
		command -v "$program" >/dev/null || skip "needs $program"
	done
}

# extension NAME...: skip if PHP has not all of them.
extension() {
	local name

	for name; do
		php -m 2>/dev/null | grep -qix "$name" || skip "needs PHP's $name"
	done
}

# both COUNT COMMAND [ARG]...: COMMAND says the same with and without the shim, and
# makes COUNT files in the shared directory without it, none with it.
both() {
	local count=$1

	shift
	run -0 --separate-stderr "$@"
	printf '%s\n' "$output" >bare
	[[ $(find /tmp -maxdepth 1 -name "$NAME*" | wc -l) -eq $count ]] ||
		fail "without the shim there are other files: $(ls /tmp)"
	rm -rf /tmp/"$NAME"*
	run -0 --separate-stderr shimmed "$@"
	printf '%s\n' "$output" >with
	diff bare with >&2 || fail "the shim changes what is said"
	[[ -z $(find /tmp -maxdepth 1 -name "$NAME*") ]] ||
		fail "in the shared directory: $(ls /tmp)"
	assert_no_session
}

@test "PHP: SQLite, zip, curl and FIFOs, from extensions that are bound deeply" {
	need php
	extension sqlite3 zip curl posix
	cat >it.php <<-'END'
		<?php
		$at = "/tmp/" . $argv[1];
		$db = new SQLite3("$at.db");
		$db->exec("create table t (a); insert into t values (7)");
		var_dump($db->querySingle("select a from t"), file_exists("$at.db"));
		var_dump(posix_mkfifo("$at.fifo", 0600), filetype("$at.fifo"));
		$zip = new ZipArchive;
		var_dump($zip->open("$at.zip", ZipArchive::CREATE));
		$zip->addFromString("name", "text");
		var_dump($zip->close(), file_exists("$at.zip"));
		file_put_contents("$at.text", "hello");
		$curl = curl_init("file://$at.text");
		curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
		var_dump(curl_exec($curl));
	END
	both 4 php it.php "$NAME"
	grep -q '"hello"' with
}

@test "PHP: what its byte code cache keeps in a file" {
	need php
	php -d opcache.enable_cli=1 -m 2>/dev/null | grep -qx 'Zend OPcache' || skip "needs PHP's opcache"
	printf '%s\n' '<?php echo "cached", PHP_EOL;' >it.php
	cat >run <<-'END'
		mkdir "$1" && php -d opcache.enable_cli=1 -d opcache.file_cache="$1" \
			-d opcache.file_update_protection=0 it.php &&
			find "$1" -name '*.bin' | grep -c .
	END
	both 1 sh run "/tmp/$NAME"
	grep -qx 1 with
}

@test "Python's ctypes, by libc's handle and by its own" {
	need /usr/bin/python3
	cat >it.py <<-'END'
		import ctypes, os, sys
		at = b"/tmp/" + sys.argv[1].encode()
		for i, name in enumerate(("libc.so.6", None)):
		    libc = ctypes.CDLL(name, use_errno=True)
		    path = at + b"%d" % i
		    print(libc.creat(path, 0o600) >= 0, os.path.exists(path))
		    print(libc.mkdir(at + b"/no/such", 0o700), ctypes.get_errno())
	END
	both 2 /usr/bin/python3 it.py "$NAME"
}

@test "Ruby's Fiddle" {
	need ruby
	ruby -e 'require "fiddle"' 2>/dev/null || skip "needs Ruby's fiddle"
	cat >it.rb <<-'END'
		require 'fiddle'
		creat = Fiddle::Function.new(Fiddle.dlopen('libc.so.6')['creat'],
			[Fiddle::TYPE_VOIDP, Fiddle::TYPE_INT], Fiddle::TYPE_INT)
		path = "/tmp/#{ARGV[0]}"
		p creat.call(path, 0600) >= 0, File.exist?(path)
	END
	both 1 ruby it.rb "$NAME"
}

@test "Mono's DllImport" {
	need mono mcs
	cat >it.cs <<-'END'
		using System;
		using System.Runtime.InteropServices;
		class It {
			[DllImport("libc", SetLastError = true)]
			static extern int creat(string path, uint mode);
			static void Main(string[] name) {
				string path = "/tmp/" + name[0];
				Console.WriteLine(creat(path, 384) >= 0);
				Console.WriteLine(System.IO.File.Exists(path));
			}
		}
	END
	mcs -out:it.exe it.cs
	both 1 mono it.exe "$NAME"
}
