# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # part of tools/demo
# Who meets whom in the demo, and the words for it.

# NAME, what the attack achieves, the sysctl fs.protected_* that would stop it (or -), the attack
# in words, and the attacker with its arguments. The victim is NAME, in the language it ends in.
rows() {
	row check-c created symlinks 'plants a dangling link' \
		plant.sh link /tmp/demo-report "$victim_home/.forward"
	row check-python forged - 'plants a file' \
		plant.sh file /tmp/demo-cache.json '{"pay through": "mallory"}'
	row check-perl created symlinks 'plants a dangling link' \
		plant.sh link /tmp/demo-mail.lock "$victim_home/.forward"
	row check-shell executed - 'plants a file' \
		plant.sh file /tmp/demo-settings ": >$victim_home/owned; greeting=hello"
	row tmpnam-c overwritten symlinks 'reads the name in /proc, links it' \
		argv.c /tmp/file "$victim_home/notes"
	row tmpnam-tempnam-c overwritten symlinks 'inotify: sees .s, links .o' \
		sibling.c demo- .s .o "$victim_home/notes"
	row tmpnam-mktemp-c overwritten symlinks 'inotify: links the name once removed' \
		recreate.c demo- "$victim_home/notes"
	row tmpnam-python overwritten symlinks 'inotify: sees .csv, links .sum' \
		sibling.c demo- .csv .sum "$victim_home/notes"
	row tmpnam-perl overwritten symlinks 'reads the name in /proc, links it' \
		argv.c /tmp/demo- "$victim_home/notes"
	row tmpnam-shell overwritten symlinks 'inotify: links the name once removed' \
		recreate.c demo- "$victim_home/notes"
	row pid-c overwritten symlinks 'plants links for the coming pids' \
		flood.c link /tmp/demo-report. "$victim_home/notes"
	row pid-python read regular 'plants files for the coming pids' \
		flood.c file /tmp/demo-job.
	row pid-perl overwritten symlinks 'plants links for the coming pids' \
		flood.c link /tmp/demo-mail. "$victim_home/notes"
	row pid-shell read fifos 'plants FIFOs for the coming pids' \
		flood.c fifo /tmp/demo-build.
	row dir-c forged - 'inotify: replaces a file in it' \
		swap.c demo-spool job 'pay through: mallory'
	row dir-python read - 'is its owner first; inotify: reads' \
		snoop.c /tmp/demo-cache
	row dir-perl overwritten - 'inotify: plants a link in it' \
		inside.c demo-out summary "$victim_home/notes"
	row dir-shell executed - 'inotify: replaces a script in it' \
		swap.c demo-build step.sh ": >$victim_home/owned; echo built"
	row leftover-c read - 'reads what SIGKILL left' grab.sh
	row leftover-python read - 'reads what an exception left' grab.sh
	row leftover-perl read - 'reads what die() left' grab.sh
	row leftover-shell read - 'reads what nobody removed' grab.sh
	row real-arj created symlinks 'plants a dangling link' \
		plant.sh link "/tmp/ARJTEMP.\$00" "$victim_home/.forward"
}

pattern_words() {
	case $1 in
	check) echo 'check, then open' ;;
	tmpnam) echo 'tmpnam, then open' ;;
	pid) echo 'name from the pid' ;;
	dir) echo 'dir. open to all' ;;
	leftover) echo 'left behind' ;;
	real) echo 'a real program' ;;
	esac
}

effect_words() {
	case $1 in
	created) echo 'file made in home' ;;
	overwritten) echo 'file overwritten' ;;
	read) echo 'secret read' ;;
	forged) echo 'data forged' ;;
	executed) echo 'code executed' ;;
	esac
}

# Did an attack of kind $1 take effect in the last run?
hurt() {
	case $1 in
	created) [[ -e $victim_home/.forward ]] ;;
	overwritten) [[ $(<"$victim_home/notes") != "$precious" ]] ;;
	read) [[ $loot == *"$secret"* ]] ;;
	forged) [[ $said == *mallory* ]] ;;
	executed) [[ -e $victim_home/owned ]] ;;
	esac
}

# Sets language and victim (a file) for the row named $1.
find_victim() {
	case $1 in
	*-c) language=C victim=${1%-c}.c ;;
	*-python) language=Python victim=${1%-python}.py ;;
	*-perl) language=Perl victim=${1%-perl}.pl ;;
	*-shell) language=shell victim=${1%-shell}.sh ;;
	real-*) language=${1#real-} victim=$1.sh ;;
	esac
}

# hindrance FILE...: why these programs cannot be played here, or nothing.
hindrance() {
	local tools='' tool file
	for file; do
		case $file in
		*.c) tools+=' cc' ;;
		*.py) tools+=' python3' ;;
		*.pl) tools+=' perl' ;;
		real-*.sh) tools+=" $language" ;;
		esac
	done
	for tool in $tools; do
		if ! command -v "$tool" >/dev/null; then
			echo "$tool is not installed"
			return
		fi
	done
	# It removes a link that is its own user's.
	[[ $language != arj || -n $DEMO_USERS ]] || echo 'it takes a second user'
}
