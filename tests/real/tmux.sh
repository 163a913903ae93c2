# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# tmux: server and clients meet at a socket in /tmp/tmux-<uid>, and so do the programs inside,
# to whom it is named by $TMUX.
set -eu
t() { tmux -f /dev/null "$@"; }
pane() { # until its last line is $1
	local n=50
	while ((n-- > 0)); do
		t capture-pane -p -t "${2:-main}" | grep -qxF -- "$1" && break
		sleep 0.1
	done
	t capture-pane -p -t "${2:-main}" | sed '/^$/d; /^>/d'
}
t new-session -d -s main -x 60 -y 20 'PS1="> " exec bash --norc --noprofile'
t list-sessions -F '#{session_name} #{session_windows} #{socket_path}' | sed "s/tmux-$(id -u)/tmux-UID/"
stat -c '%A' "/tmp/tmux-$(id -u)"
test -S "/tmp/tmux-$(id -u)/default" && echo socket
t send-keys -t main 'cd /tmp; echo shared > /tmp/from-pane; pwd; echo end' Enter
pane end
cat /tmp/from-pane
echo back > /tmp/to-pane
# From inside, by $TMUX.
cat > /tmp/inside << 'END'
cat to-pane
tmux display-message -p "#{session_name} #{pane_current_path}"
tmux set-buffer inside
END
t send-keys -t main 'clear; . /tmp/inside; echo ready' Enter
pane ready
t show-buffer
echo
t new-window -d -t main -n second -c /tmp 'pwd > /tmp/second; tmux wait-for -S opened'
timeout 5 tmux -f /dev/null wait-for opened
cat /tmp/second
t save-buffer /tmp/buffer
cat /tmp/buffer
echo
t run-shell 'cat /tmp/buffer > /tmp/run'
cmp /tmp/buffer /tmp/run
t display-message -p '#{buffer_sample}'
t pipe-pane -t main 'cat > /tmp/piped'
t send-keys -t main 'clear; echo piped' Enter
pane piped
t if-shell 'test -f /tmp/piped' 'display-message -p there' 'display-message -p absent'
printf 'set -g status-left test\ndisplay-message -p sourced\n' > /tmp/conf
t source-file /tmp/conf
# A second server at a socket of another name, and one at a path of its own.
tmux -L other -f /dev/null new-session -d -s o 'sleep 60'
tmux -L other ls -F '#{session_name}'
ls "/tmp/tmux-$(id -u)"
tmux -S /tmp/sock -f /dev/null new-session -d -s p 'sleep 60'
tmux -S /tmp/sock ls -F '#{session_name}'
test -S /tmp/sock && echo socket
TMUX_TMPDIR=/var/tmp tmux -f /dev/null new-session -d -s v 'sleep 60'
TMUX_TMPDIR=/var/tmp tmux ls -F '#{session_name}'
ls /var/tmp | sed "s/tmux-$(id -u)/tmux-UID/"
tmux -L other kill-server
tmux -S /tmp/sock kill-server
TMUX_TMPDIR=/var/tmp tmux kill-server
t kill-session -t main
for _ in 1 2 3 4 5 6 7 8 9 10; do
	tmux ls > /dev/null 2>&1 || break
	sleep 0.1
done
tmux ls 2>&1 | sed "s/tmux-$(id -u)/tmux-UID/"
