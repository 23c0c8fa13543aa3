Console.WriteLine("rbac-lens");
