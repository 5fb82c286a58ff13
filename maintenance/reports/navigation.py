from opsconsole.ui import nav

nav.register("reports", nav.Entry("Reports", "reports:weekly_list", order=70, key="r"))
