# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# git in /tmp: a repository, branches, a rebase with a conflict, a clone by hard links, worktrees,
# garbage collection, and the programs that git starts with files in /tmp.
set -eu
export GIT_CONFIG_GLOBAL=/tmp/gitconfig GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
cat > /tmp/gitconfig << 'END'
[user]
	name = Test
	email = test@example.org
[init]
	defaultBranch = main
[advice]
	detachedHead = false
END
git init /tmp/repo
cd /tmp/repo
printf '1\n2\n3\n4\n5\n' > f
git add f
git commit -qm base
git switch -qc topic
sed -i 's/^1$/one/' f
git commit -qam 'one'
sed -i 's/^5$/five/' f
git commit -qam 'five'
git switch -q main
sed -i 's/^5$/cinq/' f
git commit -qam 'cinq'
git rebase -q main topic 2>&1 | sed 's/^hint.*//' || :
git status --porcelain
git diff --name-only --diff-filter=U
sed -i '/^[<=>|]\{7\}/d; /^cinq$/d' f
git add f
GIT_EDITOR=true git rebase --continue 2>&1 | tail -1
git log --oneline --graph --all
cat > /tmp/editor << 'END'
#!/bin/sh
sed -i '1!s/^pick/squash/' "$1"
END
chmod +x /tmp/editor
GIT_SEQUENCE_EDITOR=/tmp/editor GIT_EDITOR=true git rebase -q -i HEAD~2
git log --format='%h %s%n%b'
git rev-parse --show-toplevel --git-dir --show-prefix
git config diff.external 'printf "%s\n" differs; wc -l <'
echo x >> f
cat > /tmp/extdiff << 'END'
#!/bin/sh
echo "$2" | sed -E "s/git-blob-[A-Za-z0-9]+/git-blob/"
tail -1 "$5"
END
chmod +x /tmp/extdiff
GIT_EXTERNAL_DIFF=/tmp/extdiff git diff
git config --unset diff.external
git stash -q
git stash pop -q
git checkout -q f
git clone -q /tmp/repo /tmp/clone
git -C /tmp/clone remote -v
git clone -q file:///tmp/repo /var/tmp/clone && git -C /var/tmp/clone log -1 --format=%s
git worktree add -q /tmp/tree main
git worktree list
git -C /tmp/tree rev-parse --git-common-dir --show-toplevel
git bundle create -q /tmp/all.bundle --all && git bundle verify -q /tmp/all.bundle
git gc -q && git fsck && git count-objects -v | sed -n 's/^in-pack/in-pack/p; s/^packs/packs/p'
git archive HEAD | tar tf -
git format-patch -o /tmp/patches -1
git -C /tmp/clone switch -qc mine HEAD~1
git -C /tmp/clone am -q /tmp/patches/*.patch
git -C /tmp/clone log --oneline
git diff --no-index --stat /tmp/repo/f /tmp/gitconfig || echo "status $?"
cd /
GIT_DIR=/tmp/absent git log || echo "status $?"
(cd /tmp && git status) 2>&1 | sed 's/ (or any.*//'
ls -A /tmp
rm -rf /tmp/* /var/tmp/*
ls -A /tmp
